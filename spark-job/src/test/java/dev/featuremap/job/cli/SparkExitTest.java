package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparkExitTest {

  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void carriesTheCodeInSparksOwnException(ExitCode code) {
    assertThat(SparkExit.of(code))
        .isInstanceOfSatisfying(
            SparkUserAppException.class, e -> assertThat(e.exitCode()).isEqualTo(code.code()));
  }

  @Test
  void takesOneLineOutsideSpark() {
    assertThat(SparkExit.of(ExitCode.USAGE).getStackTrace()).isEmpty();
  }

  @Test
  void isThrownByMainForAFailure() {
    assertThatThrownBy(() -> Featuremap.main(new String[] {"nonsense"}))
        .isInstanceOf(SparkUserAppException.class);
  }
}
