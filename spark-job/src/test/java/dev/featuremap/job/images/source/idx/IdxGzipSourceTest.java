package dev.featuremap.job.images.source.idx;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Compressed IDX files, which are read in another way than plain ones. */
class IdxGzipSourceTest extends SourceContract {
  @Override
  protected Format format() {
    return Format.IDX;
  }

  @Override
  protected void write(Path target, int train, int test) throws IOException {
    MnistFiles.firstDigits(target, train, test, ".gz");
  }

  @Override
  protected List<String> oneSet() {
    return List.of();
  }
}
