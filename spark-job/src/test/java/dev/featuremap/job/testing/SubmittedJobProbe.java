package dev.featuremap.job.testing;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A small job for the tests of {@link SubmittedJob}: squares numbers in two tasks, slowly if its
 * argument says so.
 */
public final class SubmittedJobProbe {
  private SubmittedJobProbe() {}

  /**
   * Runs the job.
   *
   * @param arguments milliseconds each task takes
   */
  public static void main(String[] arguments) {
    long millis = Long.parseLong(arguments[0]);
    System.out.println("java " + Runtime.version().feature());
    try (JavaSparkContext spark = new JavaSparkContext()) {
      System.out.println("running on " + spark.master());
      int sum =
          spark
              .parallelize(List.of(3, 4), 2)
              .map(number -> squareSlowly(number, millis))
              .reduce(Integer::sum);
      System.out.println("sum " + sum);
    }
  }

  private static int squareSlowly(int number, long millis) throws InterruptedException {
    Thread.sleep(millis);
    return number * number;
  }
}
