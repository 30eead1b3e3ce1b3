package dev.featuremap.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void addsSixteenLanesFromAnOffset() {
    float[] values = new float[18];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 << i;
    }

    assertThat(Lanes.sum(values, 1)).isEqualTo((1 << 17) - 2);
  }

  @Test
  void addsByHalvingTheDistance() {
    float[] values = new float[16];
    float[] halves = new float[16];
    for (int i = 0; i < 16; i++) {
      values[i] = 1f / (1 + 7 * i % 16);
      halves[i] = values[i];
    }
    for (int distance = 8; distance > 0; distance /= 2) {
      for (int lane = 0; lane < distance; lane++) {
        halves[lane] += halves[lane + distance];
      }
    }

    assertThat(Lanes.sum(values, 0)).isEqualTo(halves[0]);
  }
}
