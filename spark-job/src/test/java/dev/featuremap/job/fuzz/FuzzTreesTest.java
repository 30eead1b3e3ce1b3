package dev.featuremap.job.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzTreesTest {
  private static final int TREES = 500;

  @Test
  void areReadOrRefusedAndNothingElse(@TempDir Path directory) throws Exception {
    assertThat(new FuzzTrees(directory).trees(TREES, 2)).isTrue();
  }
}
