package dev.featuremap.job.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Puts temporary directories below the build's own, for tests whose processes leave logs that are
 * worth reading after a failure.
 *
 * <pre>{@code
 * @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS) Path directory;
 * }</pre>
 */
public final class UnderTarget implements TempDirFactory {
  private static final Path PARENT = Path.of("target", "it").toAbsolutePath();

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    Files.createDirectories(PARENT);
    return Files.createTempDirectory(PARENT, test.getRequiredTestClass().getSimpleName() + "-");
  }
}
