package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.LocalSpark;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TaskFailureTest {
  @RegisterExtension
  static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  @Test
  void findsWhatATaskHadToSay() {
    Throwable failure =
        catchThrowable(
            () ->
                SPARK
                    .context()
                    .parallelize(List.of(1, 2), 2)
                    .foreach(
                        number -> {
                          throw JobException.storageFailed("Cannot read.", new IOException("Slow"));
                        }));

    assertThat(TaskFailure.find(failure))
        .hasValueSatisfying(
            found -> {
              assertThat(found).hasMessage("Cannot read.").hasRootCauseMessage("Slow");
              assertThat(found.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
            });
  }

  @Test
  void findsNothingInAFailureOfAnotherKind() {
    assertThat(TaskFailure.find(new IllegalStateException(new IOException("Slow")))).isEmpty();
  }
}
