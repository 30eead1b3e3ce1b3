package dev.featuremap.job.fuzz;

import java.util.List;

/**
 * A parser of input that nobody vouches for.
 *
 * @param name how it is called
 * @param seeds inputs that it takes
 * @param parse parses an input to its end, or throws
 * @param failures what it may throw; anything else is a defect
 */
public record InputParser(
    String name, List<byte[]> seeds, Parse parse, List<Class<? extends Throwable>> failures) {

  /** How input is parsed. */
  public interface Parse {
    /** Parses an input to its end. */
    void accept(byte[] input) throws Exception;
  }

  /** True for a failure that users get as one clear line. */
  boolean foresees(Throwable failure) {
    return failures.stream().anyMatch(type -> type.isInstance(failure));
  }
}
