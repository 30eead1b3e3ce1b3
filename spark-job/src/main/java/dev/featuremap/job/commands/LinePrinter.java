package dev.featuremap.job.commands;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells a person what happens: each line is there at once, and numbers look alike anywhere. */
public interface LinePrinter {

  /** Where lines go. */
  PrintWriter out();

  /** Prints a line. */
  default void say(String form, Object... arguments) {
    out().printf(Locale.ROOT, form + "%n", arguments);
    out().flush();
  }
}
