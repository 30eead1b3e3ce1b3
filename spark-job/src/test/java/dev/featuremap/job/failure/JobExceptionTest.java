package dev.featuremap.job.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JobExceptionTest {

  @Test
  void neverChangesTheNumbersThatSchedulersKnow() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code))
        .containsExactly(0, 64, 65, 66, 70, 73, 74, 75, 77, 124, 143);
  }

  @Test
  void keepsCodeMessageAndCause() {
    IOException cause = new IOException("disk full");
    JobException failure = JobException.storageFailed("Cannot write x.", cause);
    assertThat(failure).hasMessage("Cannot write x.").hasCause(cause);
    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED);
  }
}
