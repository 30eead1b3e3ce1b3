package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {

  @Test
  void scalesBytesToZeroToOneWithoutMeanAndDeviation() {
    float[] table = new Normalization(List.of(0.0), List.of(1.0)).table(0);

    assertThat(table).hasSize(256);
    assertThat(table[0]).isZero();
    assertThat(table[51]).isEqualTo(0.2f); // 51 / 255
    assertThat(table[255]).isEqualTo(1f);
  }

  @Test
  void subtractsTheMeanAndDividesByTheDeviationOfTheChannel() {
    Normalization normalization = new Normalization(List.of(0.0, 0.2), List.of(1.0, 0.5));

    assertThat(normalization.table(1)[0]).isEqualTo(-0.4f); // (0 - 0.2) / 0.5
    assertThat(normalization.table(1)[51]).isZero();
    assertThat(normalization.table(1)[255]).isEqualTo(1.6f); // 0.8 / 0.5
  }
}
