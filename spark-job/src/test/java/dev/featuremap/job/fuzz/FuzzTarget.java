package dev.featuremap.job.fuzz;

/** One parser, named by the property {@code featuremap.parser}, as Jazzer calls it. */
public final class FuzzTarget {
  private static final Trial TRIAL = trial();

  private FuzzTarget() {}

  private static Trial trial() {
    try {
      return new Trial(InputParsers.named(System.getProperty("featuremap.parser")));
    } catch (Exception e) {
      throw new IllegalStateException("Cannot fuzz: the parser must take its own seeds.", e);
    }
  }

  /**
   * Fails if something is wrong with how the parser treats an input. What follows the parser's
   * steps allocates too, so a small heap stands for the bound of memory.
   */
  public static void fuzzerTestOneInput(byte[] input) {
    TRIAL
        .problemBesidesMemory(input)
        .ifPresent(
            problem -> {
              throw new IllegalStateException(problem);
            });
  }
}
