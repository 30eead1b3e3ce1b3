package dev.featuremap.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Golden values come from {@code golden-values.py}. */
class CounterRandomTest {

  @Test
  void givesTheseVeryHashes() {
    assertThat(CounterRandom.hash(0, 0)).isEqualTo(0xA706DD2F4D197E6FL);
    assertThat(CounterRandom.hash(1, 2)).isEqualTo(0xE06DD043328BD285L);
    assertThat(CounterRandom.hash(-1, Long.MAX_VALUE)).isEqualTo(0xD1448F4D0B0BE7BCL);
  }

  @Test
  void givesEachPurposeItsOwnStream() {
    assertThat(Arrays.stream(Purpose.values()).map(purpose -> CounterRandom.stream(42, purpose)))
        .containsExactly(
            0x033E8D0A1BF4F70EL,
            0x8FC6F5B250F37880L,
            0x3D39657D2A2EE716L,
            0x2EA53A8D738B3EE7L,
            0x0F90E14FB7F4C030L,
            0x989D80F3E7CF4B06L,
            0x605D53D1F3F7B2CDL);
  }

  @Test
  void dependsOnTheOrderOfKeys() {
    long oneTwo = CounterRandom.hash(CounterRandom.hash(0, 1), 2);
    long twoOne = CounterRandom.hash(CounterRandom.hash(0, 2), 1);

    assertThat(oneTwo).isNotEqualTo(twoOne);
  }

  @Test
  void spreadsUniformlyOverBuckets() {
    long stream = CounterRandom.stream(7, Purpose.DROPOUT);
    int[] floats = new int[100];
    int[] doubles = new int[100];
    for (int i = 0; i < 1_000_000; i++) {
      long hash = CounterRandom.hash(stream, i);
      floats[(int) (CounterRandom.uniform(hash) * 100)]++;
      doubles[(int) Math.ceil(CounterRandom.uniformOpen(hash) * 100) - 1]++;
    }

    // 10,000 expected a bucket; 500 are five standard deviations
    assertSpread(floats);
    assertSpread(doubles);
  }

  @Test
  void flipsHalfTheBitsWhenOneBitOfAKeyFlips() {
    long flipped = 0;
    for (int i = 0; i < 64_000; i++) {
      long change = CounterRandom.hash(3, i) ^ CounterRandom.hash(3, i ^ (1L << (i % 64)));
      flipped += Long.bitCount(change);
    }

    assertThat(flipped / 64_000.0).isBetween(31.9, 32.1);
  }

  @Test
  void staysInsideItsIntervals() {
    assertThat(CounterRandom.uniform(0)).isZero();
    assertThat(CounterRandom.uniform(-1)).isEqualTo(Math.nextDown(1f));
    assertThat(CounterRandom.uniformOpen(0)).isEqualTo(0x1p-53);
    assertThat(CounterRandom.uniformOpen(-1)).isEqualTo(1);
  }

  private static void assertSpread(int[] counts) {
    assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(9500);
    assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(10500);
  }
}
