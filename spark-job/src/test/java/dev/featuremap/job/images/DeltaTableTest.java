package dev.featuremap.job.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Delta table that delta-rs wrote, and from which it deleted rows, read by Spark's package for
 * Delta.
 */
class DeltaTableTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final Path TABLE =
      Path.of("src/test/resources/dev/featuremap/job/images/foreign/delta").toAbsolutePath();

  @TempDir private Path directory;

  private final Locale locale = Locale.getDefault();

  /** Delta's package names the files of its log by numbers in the digits of the JVM's language. */
  @BeforeEach
  void writeLatinDigits() {
    Locale.setDefault(Locale.ROOT);
  }

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(locale);
  }

  @Test
  void isTrainedFromWithoutTheRowsThatWereDeleted() throws IOException {
    SPARK.set("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    SPARK.set("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    StringWriter said = new StringWriter();
    SmallRun run = run();

    RunResult result = run.train(said);

    assertThat(said.toString())
        .contains(
            "train on  4 images in file:%s (split: train); 2 classes: cat, dog".formatted(TABLE),
            "validate on 1 images in",
            "test on   1 images in");
    assertThat(result.testLoss()).isFinite();
    assertThat(RunFolder.of(run.directory()).metric("rounds")).hasSize(1);
  }

  @Test
  void saysThatSparkMustBeConfiguredForIt() {
    assertThatThrownBy(run()::train)
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot read file:%s as delta: [DELTA_CONFIGURE_SPARK_SESSION_WITH_EXTENSION_AND_CATALOG] This Delta operation requires the SparkSession to be configured with the DeltaSparkSessionExtension and the DeltaCatalog. Please set the necessary configurations when creating the SparkSession as shown below."
                .formatted(TABLE));
  }

  private SmallRun run() {
    return SmallRun.of(TABLE, directory.resolve("runs"))
        .with("data.table.format", "delta")
        .with("data.table.split", "split")
        .with("data.resize", "fit")
        .with("train.batch-size", 1)
        .with("train.workers", 1)
        .with("train.epochs", 1);
  }
}
