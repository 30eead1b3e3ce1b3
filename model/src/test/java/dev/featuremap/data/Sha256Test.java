package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {

  @Test
  void digestsNothingAsTheStandardSays() {
    assertThat(Sha256.ofFloats(new float[4], 0))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void digestsFloatsAsLittleEndianBytes() {
    float[] values = new float[40_000];
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int k = 0; k < values.length; k++) {
      values[k] = 1f / (k + 1);
      bytes.putFloat(values[k]);
    }
    byte[] digest = Sha256.start().digest(bytes.array());

    assertThat(Sha256.ofFloats(values, values.length)).isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void readsOnlyTheFirstValues() {
    assertThat(Sha256.ofFloats(new float[] {1, 2, 3}, 2))
        .isEqualTo(Sha256.ofFloats(new float[] {1, 2}, 2));
  }
}
