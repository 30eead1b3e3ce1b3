package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WireVectorTest {
  private static final Round AVERAGES = Round.ofEpoch(0, 4, SyncRule.EPOCH).get(0);
  private static final Round GRADIENTS = Round.ofEpoch(0, 4, SyncRule.EVERY_STEP).get(0);

  private final float[] vector = {1.001f, -2.5f, 0x1.01p-10f, 700.3f, -0f};
  private final float[] start = {1f, -2.5f, 0f, 700f, 0f};

  @Test
  void carriesFloatsAsTheyAre() {
    WireVector wire = WireFormat.FLOAT32.pack(vector, start, 3, AVERAGES);

    assertThat(wire.values(start, 0)).isEqualTo(vector);
    assertThat(wire.part(1, 3).values(start, 1)).containsExactly(-2.5f, 0x1.01p-10f);
  }

  @Test
  void roundsTheWaysOfAStateAndNotTheState() {
    float[] values = WireFormat.BF16.pack(vector, start, 3, AVERAGES).values(start, 0);

    for (int k = 0; k < vector.length; k++) {
      float way = vector[k] - start[k];
      assertThat(values[k]).isEqualTo(start[k] + Bfloat16.widen(Bfloat16.nearest(way)));
      assertThat(Math.abs(values[k] - vector[k])).isLessThanOrEqualTo(Math.abs(way) / 256);
    }
  }

  @Test
  void roundsGradientsAndLeavesRunningStatistics() {
    float[] values = WireFormat.BF16.pack(vector, start, 3, GRADIENTS).values(new float[0], 0);

    assertThat(values).containsExactly(1f, -2.5f, 0x1.00p-10f, 700.3f, -0f);
  }

  @Test
  void hasThePartsOfTheWhole() {
    for (Round round : new Round[] {AVERAGES, GRADIENTS}) {
      WireVector wire = WireFormat.BF16.pack(vector, start, 3, round);
      float[] whole = wire.values(start, 0);
      for (int from = 0; from <= vector.length; from++) {
        for (int to = from; to <= vector.length; to++) {
          float[] part = wire.part(from, to).values(start, from);
          assertThat(part).isEqualTo(Arrays.copyOfRange(whole, from, to));
        }
      }
    }
  }
}
