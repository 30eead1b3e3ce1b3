package dev.featuremap.job.training.run;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.images.shard.ShardImage;
import dev.featuremap.job.images.shard.ShardedImages;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.training.rounds.SparkWorkers;
import dev.featuremap.job.training.rounds.StagePlans;
import dev.featuremap.job.training.rounds.TrainingData;
import dev.featuremap.job.training.rounds.TrainingPlan;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RunListener;
import dev.featuremap.job.watch.page.NetworkPictures;
import dev.featuremap.job.watch.page.PageData;
import dev.featuremap.job.watch.page.RunPage;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Mistake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps {@code report.html}: written at the end, when a run fails, and after an epoch unless it was
 * written a moment ago, which is longer where the page takes longer to draw.
 */
final class RunReport implements RunListener {
  private static final long NANOS_BETWEEN = 10_000_000_000L;

  /** The time between two pages, as a multiple of what the last one took. */
  private static final int BETWEEN_FOR_DRAWING = 20;

  /** Share of the heap that the activations of some images may take. */
  private static final int HEAP_SHARE = 4;

  /** Validation or else test images whose feature maps are shown. */
  private static final int SAMPLES = 4;

  private final RunFiles files;
  private final JobConfig config;
  private final StagePlans stages;
  private final TrainingPlan plan;
  private final Attempt attempt;
  private final SparkWorkers workers;
  private final TrainingData data;
  private final List<String> sets;
  private final PageData page;
  private List<EpochMetrics> history;
  private long badTests;
  private String kernels = "";
  private long between = NANOS_BETWEEN;
  private long written = System.nanoTime() - NANOS_BETWEEN;

  RunReport(
      RunFiles files,
      JobConfig config,
      StagePlans stages,
      Attempt attempt,
      SparkWorkers workers,
      TrainingData data,
      List<String> sets,
      List<EpochMetrics> history) {
    this.files = files;
    this.config = config;
    this.stages = stages;
    this.plan = stages.first();
    this.attempt = attempt;
    this.workers = workers;
    this.data = data;
    this.sets = sets;
    this.history = history;
    this.page = new PageData(config.runId().toString(), config.plan(), config.resolved());
  }

  @Override
  public String name() {
    return files.directory().report().toString();
  }

  @Override
  public void testLoaded(long bad, String badLines) {
    badTests = bad;
  }

  @Override
  public void epochDone(EpochDone epoch) {
    history = epoch.history();
    kernels = epoch.kernels();
    if (epoch.evaluation().decisions().isPresent()) {
      page.classes(plan.network().classes(), data.labels());
    } else {
      page.confusion(epoch.evaluation().confusion(), data.labels());
    }
    epoch.test().ifPresent(page::test);
    if (epoch.last() || System.nanoTime() - written >= between) {
      long start = System.nanoTime();
      draw(epoch.model().get(), epoch.evaluation());
      write(epoch.last() ? RunStatus.State.FINISHED : RunStatus.State.RUNNING, "");
      between = Math.max(NANOS_BETWEEN, BETWEEN_FOR_DRAWING * (written - start));
    }
  }

  @Override
  public void failed(RunStatus status) {
    write(status.state(), status.reason().orElse(""));
  }

  private Map<String, Double> times() {
    EpochTimes times =
        history.stream().map(EpochMetrics::times).reduce(EpochTimes.NONE, EpochTimes::plus);
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("start", attempt.preparation().start());
    parts.put("load", attempt.preparation().load());
    for (int part = 0; part < EpochTimes.PARTS.size(); part++) {
      parts.put(EpochTimes.PARTS.get(part), times.values().get(part));
    }
    return parts;
  }

  private Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("training images", count(data.trainImages()));
    if (data.heldOut().isPresent()) {
      facts.put("validation images", count(data.evaluatedImages()));
    }
    facts.put("test images", count(data.forListeners().test()));
    facts.put("images in", config.data().path());
    facts.put("trained on", sets.get(0));
    if (sets.size() > 2) {
      facts.put("validated on", sets.get(1));
    }
    facts.put("tested on", sets.get(sets.size() - 1));
    facts.put(
        "best epoch chosen on",
        data.heldOut().isPresent()
            ? "the validation images; the test images are looked at once, at the end, with its model"
            : "the test images, as there are no validation images");
    facts.put("records left out", count(data.bad().count() + badTests));
    facts.put("classes", plan.network().classes());
    facts.put("parameters", count(plan.network().whole().parameters()));
    TrainingPlan newest = stages.thatMade(history.size(), 0);
    if (newest.network().frozen().size() > 0) {
      facts.put("of them trained", count(newest.network().parameters()));
    }
    if (stages.all().size() > 1) {
      facts.put("stage", "%s of %s".formatted(stages.number(newest), stages.all().size()));
    }
    facts.put("workers", plan.training().workers());
    facts.put("batch of a worker", plan.training().batchSize());
    facts.put("synchronization", config.sync());
    facts.put("seed", plan.training().seed());
    facts.put("kernels", kernels);
    facts.put("started", attempt.started());
    facts.put("starts", attempt.number() == 1 ? "1" : attempt.number() + ", resumed");
    facts.put("faults since the last start", attempt.faults());
    return facts;
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * Mistakes and what was looked at in them, filters and feature maps, with the images that a job
   * brings.
   */
  private void draw(float[] model, Evaluation evaluation) {
    ShardedImages images = data.evaluated().orElseThrow();
    page.clearPictures();
    Map<Integer, List<Integer>> wanted = new TreeMap<>();
    wanted.put(0, IntStream.range(0, SAMPLES).boxed().collect(Collectors.toList()));
    for (Mistake mistake : evaluation.mistakes()) {
      wanted
          .computeIfAbsent(images.layout().workerOf(mistake.record()), worker -> new ArrayList<>())
          .add(mistake.position());
    }
    List<ShardImage> found = workers.lookUp(images, wanted, "fetch images for the report");
    Map<Long, ShardImage> byRecord =
        found.stream()
            .collect(Collectors.toMap(ShardImage::record, Function.identity(), (one, same) -> one));
    List<byte[]> mistaken = new ArrayList<>();
    for (Mistake mistake : evaluation.mistakes()) {
      byte[] pixels = byRecord.get(mistake.record()).pixels();
      mistaken.add(pixels);
      page.mistake(
          mistake.record(), mistake.label(), mistake.prediction(), mistake.margin(), pixels);
    }
    List<ShardImage> samples = found.subList(0, Math.min(SAMPLES, found.size()));
    Optional<LabelSets> sets = images.labelSets();
    for (ShardImage sample : samples) {
      if (sets.isPresent()) {
        page.sample(sample.record(), sets.get().of(sample.label()), sample.pixels());
      } else {
        page.sample(sample.record(), sample.label(), sample.pixels());
      }
    }
    NetworkPictures pictures = new NetworkPictures(plan.network().whole(), model);
    pictures.filters().ifPresent(page::filters);
    List<int[]> classes =
        evaluation.mistakes().stream()
            .map(mistake -> new int[] {mistake.prediction(), mistake.label()})
            .toList();
    pictures.addCams(page, mistaken, classes, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    pictures.addMaps(page, samples.stream().map(ShardImage::pixels).toList());
  }

  private void write(RunStatus.State state, String reason) {
    page.history(history);
    if (!kernels.isEmpty()) {
      page.times(times());
      page.facts(facts());
    }
    page.state(state.name(), summary(), reason);
    files.report(RunPage.html(page));
    written = System.nanoTime();
  }

  private String summary() {
    String epochs = "%s of %s epochs".formatted(history.size(), stages.epochs());
    if (history.isEmpty()) {
      return epochs;
    }
    EpochMetrics last = history.get(history.size() - 1);
    return String.format(
        Locale.ROOT,
        "%s · %s accuracy %.2f %% · %s loss %.4f%s",
        epochs,
        last.set(),
        100 * last.accuracy(),
        last.set(),
        last.loss(),
        last.validation().isPresent() && !last.end().isEmpty()
            ? String.format(
                Locale.ROOT,
                " · test accuracy %.2f %% with epoch %s",
                100 * last.testAccuracy(),
                last.testedEpoch())
            : "");
  }
}
