package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {

  @ParameterizedTest
  @CsvSource({
    "4408, 2, 65536, 1", // not shorter than 256 KiB
    "1000000, 10, 100000, 10", // one for each worker
    "1000001, 10, 100001, 10",
    "75000000, 2, 4194304, 18", // not longer than 16 MiB
    "2147483639, 1, 4194304, 512", // the longest array
    "2147483639, 65536, 65536, 32768",
    "0, 2, 65536, 1"
  })
  void followFromSizesAlone(int size, int workers, int length, int count) {
    Slices slices = Slices.of(size, workers);

    assertThat(slices).isEqualTo(new Slices(size, length));
    assertThat(slices.count()).isEqualTo(count);
  }

  @Test
  void coverTheVectorWithoutGaps() {
    Slices slices = Slices.of(2_147_483_639, 3);

    assertThat(slices.from(0)).isZero();
    for (int slice = 1; slice < slices.count(); slice++) {
      assertThat(slices.from(slice)).isEqualTo(slices.to(slice - 1));
    }
    assertThat(slices.to(slices.count() - 1)).isEqualTo(slices.size());
  }
}
