package dev.featuremap.job.images.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipMembersTest {
  private static final int BUFFER = 1 << 16;

  /** As those of object stores: nothing is ever available at once, and reads may be short. */
  private static InputStream remote(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int available() {
        return 0;
      }

      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, most));
      }
    };
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  /** A member of exactly so many bytes: its content cannot be compressed, its name fills it up. */
  private static byte[] memberOf(int bytes, byte[] content) throws IOException {
    byte[] plain = SourceInputs.gzip(content);
    byte[] name = new byte[bytes - plain.length];
    Arrays.fill(name, 0, name.length - 1, (byte) 'n');
    plain[3] = 8;
    return join(Arrays.copyOf(plain, 10), name, Arrays.copyOfRange(plain, 10, plain.length));
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(bytes).nextBytes(noise);
    return noise;
  }

  private static byte[] read(InputStream in) throws IOException {
    try (GzipMembers members = new GzipMembers(in)) {
      return members.readAllBytes();
    }
  }

  @Test
  void readsAMemberThatEndsAnywhereNearTheEndOfABuffer() throws IOException {
    byte[] first = noise(60_000);
    byte[] second = noise(500);
    for (int end = BUFFER - 40; end <= BUFFER + 30; end++) {
      byte[] file = join(memberOf(end, first), SourceInputs.gzip(second));

      assertThat(read(remote(file, Integer.MAX_VALUE)))
          .as("end at %s", end)
          .isEqualTo(join(first, second));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8192, 65536})
  void readsAllOfManyMembersHoweverLittleComesAtOnce(int most) throws IOException {
    byte[] one = SourceInputs.gzip(noise(3_000));
    byte[] none = SourceInputs.gzip(new byte[0]);

    assertThat(read(remote(join(one, none, one, one), most)))
        .isEqualTo(join(noise(3_000), noise(3_000), noise(3_000)));
  }

  @Test
  void takesZerosAfterAMemberForPadding() throws IOException {
    byte[] one = SourceInputs.gzip(noise(100));

    assertThat(read(remote(join(one, new byte[1000]), 64))).isEqualTo(noise(100));
    assertThat(read(remote(join(one, new byte[3], one), 64)))
        .isEqualTo(join(noise(100), noise(100)));
  }

  @Test
  void refusesWhatFollowsAMemberAndIsNone() throws IOException {
    byte[] one = SourceInputs.gzip(noise(100));
    byte[] damaged = one.clone();
    damaged[0] ^= 4;

    assertThatThrownBy(() -> read(remote(join(one, damaged), BUFFER)))
        .isInstanceOf(ZipException.class)
        .hasMessage("bytes that are no gzip follow its first part");
  }

  @Test
  void saysWhatIsWrongAsTheJdkDoes() throws IOException {
    byte[] one = SourceInputs.gzip(noise(100));
    byte[] wrong = one.clone();
    wrong[one.length - 6] ^= 1;

    assertThatThrownBy(() -> read(remote(new byte[0], 1)))
        .isInstanceOf(EOFException.class)
        .hasMessage("the file is empty");
    assertThatThrownBy(() -> read(remote("text".getBytes(StandardCharsets.US_ASCII), 9)))
        .isInstanceOf(ZipException.class)
        .hasMessage("Not in GZIP format");
    assertThatThrownBy(() -> read(remote(wrong, BUFFER)))
        .isInstanceOf(ZipException.class)
        .hasMessage("Corrupt GZIP trailer");
    for (int length = 1; length < one.length; length++) {
      byte[] cut = Arrays.copyOf(one, length);
      assertThatThrownBy(() -> read(remote(cut, BUFFER))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void handsOnTheFailureOfItsFile() throws IOException {
    byte[] one = SourceInputs.gzip(noise(100_000));
    InputStream breaking =
        new FilterInputStream(new ByteArrayInputStream(one)) {
          private int left = 70_000;

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) {
              throw new SocketException("Connection reset");
            }
            int got = super.read(into, offset, Math.min(left, length));
            left -= got;
            return got;
          }
        };

    assertThatThrownBy(() -> read(breaking))
        .isInstanceOf(SocketException.class)
        .hasMessage("Connection reset");
  }
}
