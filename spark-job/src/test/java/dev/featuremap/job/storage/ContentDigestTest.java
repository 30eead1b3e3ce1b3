package dev.featuremap.job.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ContentDigestTest {
  private static final byte[] CONTENT = new byte[200_000];

  static {
    for (int k = 0; k < CONTENT.length; k++) {
      CONTENT[k] = (byte) (k * 7);
    }
  }

  private static final ContentDigest WHOLE = ContentDigest.of(CONTENT);

  @Test
  void isTheWellKnownOne() {
    assertThat(ContentDigest.of("abc".getBytes(US_ASCII)))
        .isEqualTo(
            new ContentDigest(
                3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void isOfAllThatIsRead() throws IOException {
    assertThat(ContentDigest.of(input())).isEqualTo(WHOLE);
    assertThat(
            ContentDigest.reading(
                input(),
                in -> {
                  byte[] some = new byte[10];
                  assertThat(in.read()).isZero();
                  assertThat(in.read(some, 2, 5)).isEqualTo(5);
                  assertThat(some).containsExactly(0, 0, 7, 14, 21, 28, 35, 0, 0, 0);
                  return null;
                }))
        .extracting(ContentDigest.Digested::digest)
        .isEqualTo(WHOLE);
  }

  @Test
  void countsWhatAReaderSkipsAndStopsAtTheEnd() throws IOException {
    ContentDigest.Digested<Integer> read =
        ContentDigest.reading(
            input(),
            in -> {
              assertThat(in.markSupported()).isFalse();
              assertThat(in.skip(1000)).isEqualTo(1000);
              assertThat(in.read()).isEqualTo(CONTENT[1000] & 0xff);
              in.skipNBytes(CONTENT.length - 1001);
              return in.read();
            });

    assertThat(read.value()).isEqualTo(-1);
    assertThat(read.digest()).isEqualTo(WHOLE);
  }

  @Test
  void readsTheRestAfterAReaderHasClosed() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream input =
        new ByteArrayInputStream(CONTENT) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    ContentDigest.Digested<Void> read =
        ContentDigest.reading(
            input,
            in -> {
              in.close();
              return null;
            });

    assertThat(read.digest()).isEqualTo(WHOLE);
    assertThat(closed).isFalse();
  }

  @Test
  void isOfAllThatIsWrittenAndLeavesTheOutputOpen() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    AtomicBoolean flushed = new AtomicBoolean();
    ByteArrayOutputStream written =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushed.set(true);
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };
    ContentDigest digest =
        ContentDigest.writing(
            written,
            out -> {
              out.write(CONTENT[0]);
              out.write(CONTENT, 1, CONTENT.length - 1);
              out.close();
            });

    assertThat(digest).isEqualTo(WHOLE);
    assertThat(written.toByteArray()).isEqualTo(CONTENT);
    assertThat(flushed).isTrue();
    assertThat(closed).isFalse();
  }

  private static InputStream input() {
    return new ByteArrayInputStream(CONTENT);
  }
}
