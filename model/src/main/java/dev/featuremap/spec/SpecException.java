package dev.featuremap.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every problem found in it. */
public final class SpecException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** One exception for all problems; the message has one line each. */
  public SpecException(List<String> problems) {
    super(problems.stream().map(Visible::of).collect(Collectors.joining("\n")));
    this.problems = problems.stream().map(Visible::of).toList();
  }

  /** The problems in the order found. */
  public List<String> problems() {
    return problems;
  }
}
