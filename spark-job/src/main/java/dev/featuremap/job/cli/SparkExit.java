package dev.featuremap.job.cli;

import dev.featuremap.job.failure.ExitCode;
import java.lang.reflect.Constructor;

/**
 * Spark's way to give a process an exit code: an exception of its own, thrown by {@code main}.
 *
 * <p>Ending the JVM instead would make YARN report even a success as failed.
 */
final class SparkExit {
  private static final String TYPE = "org.apache.spark.SparkUserAppException";

  private SparkExit() {}

  /**
   * The exception that makes spark-submit exit with {@code code}. It has no stack trace, since the
   * failure has been reported.
   */
  static Exception of(ExitCode code) {
    Exception exit = sparkException(code);
    exit.setStackTrace(new StackTraceElement[0]);
    return exit;
  }

  // Spark 4.0 has the constructor (int), later versions (int, Throwable).
  private static Exception sparkException(ExitCode code) {
    try {
      for (Constructor<?> constructor : Class.forName(TYPE).getConstructors()) {
        Class<?>[] types = constructor.getParameterTypes();
        if (types.length > 0 && types[0] == int.class) {
          Object[] arguments = new Object[types.length];
          arguments[0] = code.code();
          return (Exception) constructor.newInstance(arguments);
        }
      }
      return plain(code, null);
    } catch (ReflectiveOperationException e) {
      return plain(code, e);
    }
  }

  private static Exception plain(ExitCode code, Throwable cause) {
    return new RuntimeException("Featuremap ends with exit code " + code.code(), cause);
  }
}
