package dev.featuremap.job.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.ImagesLoaded;
import dev.featuremap.job.watch.RoundStart;
import dev.featuremap.job.watch.RunListener;
import dev.featuremap.job.watch.RunStart;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The newest values of the run that this process drives, under the names of {@code metrics.jsonl};
 * NaN before there is one.
 *
 * <p>Spark makes the plugin that registers them itself, and a process has one Spark, so there is
 * one of them in a process.
 */
public final class RunGauges implements RunListener {
  private static final RunGauges OF_THIS_PROCESS = new RunGauges();

  /** Values besides those of the newest epoch: of both, {@code epoch} counts completed ones. */
  private static final List<String> OF_THE_RUN =
      List.of(
          "attempt",
          "epoch",
          "epochs",
          "round",
          "rounds",
          "train-images",
          "test-images",
          "bad-records");

  private final Map<String, Double> values = new ConcurrentHashMap<>();

  RunGauges() {}

  /** The gauges of the only run there can be. */
  public static RunGauges ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  void clear() {
    values.clear();
  }

  void registerIn(MetricRegistry registry) {
    Stream.concat(OF_THE_RUN.stream(), EpochMetrics.NAMES.stream())
        .forEach(
            name ->
                registry.register(
                    name, (Gauge<Double>) () -> values.getOrDefault(name, Double.NaN)));
  }

  @Override
  public String name() {
    return "the metrics of Spark";
  }

  @Override
  public void started(RunStart start) {
    values.put("attempt", (double) start.status().attempt());
    values.put("epochs", (double) start.config().epochs());
    show(start.history());
  }

  @Override
  public void loaded(ImagesLoaded images) {
    values.put("train-images", (double) images.train());
    values.put("test-images", (double) images.test());
    values.put("bad-records", (double) images.bad());
  }

  @Override
  public void roundStarts(RoundStart round) {
    values.put("round", (double) round.round());
    values.put("rounds", (double) round.done());
  }

  @Override
  public void epochDone(EpochDone epoch) {
    values.put("rounds", (double) epoch.metrics().rounds());
    show(epoch.history());
  }

  private void show(List<EpochMetrics> history) {
    values.put("epoch", (double) history.size());
    if (!history.isEmpty()) {
      values.putAll(history.get(history.size() - 1).values());
    }
  }

  @Override
  public void finished(RunResult result) {
    values.put("bad-records", (double) result.badRecords());
  }
}
