package dev.featuremap.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden values come from {@code golden-values.py}. */
class SeededPermutationTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, 16, 17, 1000, 4097, 60_000})
  void reachesEveryPositionOnce(int size) {
    SeededPermutation permutation = new SeededPermutation(size, 42);
    BitSet reached = new BitSet();
    for (int position = 0; position < size; position++) {
      reached.set(Math.toIntExact(permutation.apply(position)));
    }

    assertThat(reached.cardinality()).isEqualTo(size);
    assertThat(reached.length()).isEqualTo(size);
  }

  @Test
  void givesTheseVeryOrders() {
    assertThat(first(10, 7, 10)).containsExactly(4, 3, 8, 1, 2, 9, 6, 7, 0, 5);
    assertThat(first(60_000, 42, 5)).containsExactly(40515, 16705, 43459, 20520, 42138);
    assertThat(first(1L << 61, 42, 1)).containsExactly(510231384384704206L);
  }

  @Test
  void differsByItsKey() {
    assertThat(first(60_000, 1, 100)).isNotEqualTo(first(60_000, 2, 100));
  }

  @Test
  void leavesAboutOneFixedPointWhateverTheKey() {
    long fixed = 0;
    for (int key = 0; key < 1000; key++) {
      SeededPermutation permutation = new SeededPermutation(100, CounterRandom.hash(key, 0));
      fixed += LongStream.range(0, 100).filter(p -> permutation.apply(p) == p).count();
    }

    assertThat(fixed).isBetween(850L, 1150L); // expected 1000, standard deviation 32
  }

  @Test
  void refusesPositionsOutOfRange() {
    assertThatThrownBy(() -> new SeededPermutation(5, 0).apply(5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Cannot permute position 5: expected 0 to 4.");
    assertThatThrownBy(() -> new SeededPermutation(5, 0).apply(-1))
        .hasMessage("Cannot permute position -1: expected 0 to 4.");
  }

  @Test
  void refusesSizesOutOfRange() {
    assertThatThrownBy(() -> new SeededPermutation(-1, 0))
        .hasMessage("Cannot permute -1 numbers: expected 0 to 2^62.");
    assertThatThrownBy(() -> new SeededPermutation(1L << 62, 0))
        .hasMessage("Cannot permute 4611686018427387904 numbers: expected 0 to 2^62.");
  }

  private static long[] first(long size, long key, int count) {
    SeededPermutation permutation = new SeededPermutation(size, key);
    return LongStream.range(0, count).map(permutation::apply).toArray();
  }
}
