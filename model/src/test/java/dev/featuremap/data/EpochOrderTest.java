package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochOrderTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 17, 1000, 4097})
  void visitsEachImageExactlyOnce(int size) {
    EpochOrder order = EpochOrder.shuffled(1, 0, 0, size);

    assertThat(IntStream.range(0, size).map(order::position))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, size).boxed().toList());
  }

  @Test
  void givesTheSameOrderAgain() {
    assertThat(positions(1, 2, 3)).isEqualTo(positions(1, 2, 3));
  }

  @Test
  void differsByEpochWorkerAndSeed() {
    assertThat(
            List.of(positions(1, 0, 0), positions(1, 1, 0), positions(1, 0, 1), positions(2, 0, 0)))
        .doesNotHaveDuplicates();
  }

  @Test
  void readsInOrderWhenSequential() {
    assertThat(EpochOrder.sequential().position(41)).isEqualTo(41);
  }

  private static List<Integer> positions(long seed, int epoch, int worker) {
    EpochOrder order = EpochOrder.shuffled(seed, epoch, worker, 100);
    return IntStream.range(0, 100).map(order::position).boxed().toList();
  }
}
