package dev.featuremap.job.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.Charset;

/** The JVM under {@code LC_ALL=C}, which can make no file whose name is not ASCII. */
public final class AsciiLocale {
  private AsciiLocale() {}

  /** Skips a test of names that this JVM cannot give to a file. */
  public static void skipUnlessItCanName(String... names) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    for (String name : names) {
      assumeTrue(
          Charset.forName(encoding).newEncoder().canEncode(name),
          () -> "this JVM's names of files are " + encoding);
    }
  }
}
