package dev.featuremap.job.commands;

import dev.featuremap.job.failure.ShownText;
import java.io.PrintWriter;

/** Tells a person what happens: each line is there at once, and numbers look alike anywhere. */
public interface LinePrinter {

  /** Where lines go. */
  PrintWriter out();

  /** Prints a line. */
  default void say(String form, Object... arguments) {
    out().println(ShownText.format(form, arguments));
    out().flush();
  }
}
