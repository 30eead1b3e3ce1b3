package dev.featuremap.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.testing.RunFolder;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.job.watch.console.RunConsole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's registry holds while a run with a plugin of the user's goes on. */
class RunMetricsTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private static Path directory;
  private static final Map<String, Double> GAUGES = new TreeMap<>();
  private static List<EpochMetrics> history;
  private static boolean userPluginStarted;

  @BeforeAll
  static void train() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    SmallRun run = SmallRun.of(data, directory.resolve("runs")).with("sync.every", "4 steps");
    SPARK.set("spark.plugins", UserPlugin.class.getName());
    // The line of an epoch comes before the gauges have it.
    run.train(consoleThatReadsGaugesAt("epoch 2/2"));
    history = EpochMetrics.fromLines(RunFolder.of(run.directory()).text("metrics.jsonl"));
  }

  @Test
  void holdsTheValuesOfTheNewestEpoch() {
    assertThat(GAUGES).containsAllEntriesOf(history.get(0).values());
  }

  @Test
  void saysHowFarTheRunIs() {
    assertThat(GAUGES)
        .containsEntry("attempt", 1.0)
        .containsEntry("epoch", 1.0)
        .containsEntry("epochs", 2.0)
        .containsEntry("round", 2.0)
        .containsEntry("rounds", 5.0)
        .containsEntry("train-images", 600.0)
        .containsEntry("test-images", 200.0)
        .containsEntry("bad-records", 0.0);
  }

  @Test
  void leavesThePluginsOfTheUserAlone() {
    assertThat(userPluginStarted).isTrue();
  }

  @Test
  void startsNothingInExecutors() {
    assertThat(new RunMetrics().executorPlugin()).isNull();
  }

  private static void readGauges() {
    String name = "plugin." + RunMetrics.class.getName();
    CollectionConverters.asJava(SparkEnv.get().metricsSystem().getSourcesByName(name))
        .forEach(
            source ->
                source
                    .metricRegistry()
                    .getGauges()
                    .forEach((key, gauge) -> GAUGES.put(key, value(gauge))));
  }

  private static double value(Gauge<?> gauge) {
    return (Double) gauge.getValue();
  }

  private static RunConsole consoleThatReadsGaugesAt(String text) {
    return RunConsole.lines(
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] characters, int offset, int length) {
                if (new String(characters, offset, length).startsWith(text)) {
                  readGauges();
                }
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            }));
  }

  /** A plugin that notes that it was started. */
  public static final class UserPlugin implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
      return new DriverPlugin() {
        @Override
        public Map<String, String> init(SparkContext spark, PluginContext context) {
          userPluginStarted = true;
          return Map.of();
        }
      };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
      return null;
    }
  }
}
