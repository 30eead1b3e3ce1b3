package dev.featuremap.job.images.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.cluster.TaskFailure;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.HadoopSettings;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.DataSets;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Sets of digits in every format, opened as a run opens them. */
public abstract class SourceTrial {
  @RegisterExtension
  public static final LocalSpark SPARK = new LocalSpark(2, FeaturemapKryoRegistrator.class);

  public static final int TRAIN = 230;
  public static final int TEST = 40;

  @TempDir public Path directory;

  public final void assertFails(ExitCode code, String message, Path data, String... settings) {
    Throwable thrown = catchThrowable(() -> open(data, settings).train().images());
    JobException failure = TaskFailure.find(thrown).orElseThrow();
    assertThat(failure).hasMessage(message);
    assertThat(failure.exitCode()).isEqualTo(code);
  }

  public static DataSets open(Path data, String... settings) {
    return DataSets.open(SPARK.context(), settings(data, settings));
  }

  public static DataSettings settings(Path data, String... settings) {
    List<String> assignments = new ArrayList<>(List.of(settings));
    assignments.add("data.path=" + data);
    return JobConfigLoader.of(HadoopSettings.of(new Properties()))
        .load(ConfigRequest.defaults().withAssignments(assignments.toArray(String[]::new)))
        .data();
  }

  public final Path write(String format) {
    DigitFiles files = new DigitFiles(directory, TRAIN, TEST);
    return switch (format) {
      case "folder" -> files.folder();
      case "tar" -> files.tar();
      default -> files.parquet(session());
    };
  }

  public static SparkSession session() {
    return SparkSession.builder().config(SPARK.context().getConf()).getOrCreate();
  }

  public static Map<Long, String> labels(ImageSource source) {
    return new TreeMap<>(
        source
            .read(SPARK.context(), IdFilter.ALL)
            .mapToPair(record -> new Tuple2<>(record.id(), record.label()))
            .collectAsMap());
  }

  public static Map<Long, String> labelsOfIdx(int count) {
    Map<Long, String> labels = new TreeMap<>();
    DigitFiles.digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, count)
        .forEach(digit -> labels.put((long) digit.id(), "" + digit.label()));
    return labels;
  }

  public static List<String> places(ImageSource source) {
    return source
        .read(SPARK.context(), IdFilter.ALL)
        .mapToPair(record -> new Tuple2<>(record.id(), record.place() + " " + record.label()))
        .sortByKey()
        .map(record -> record._1() + " " + record._2())
        .collect();
  }

  public final void touch(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[] {1});
  }
}
