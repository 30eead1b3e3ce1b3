package dev.featuremap.job.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.featuremap.job.record.RunId;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.spec.SpecException;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;

/** Reads the settings of all sections, however many of them are wrong. */
final class JobConfigReader {
  private JobConfigReader() {}

  /**
   * Reads settings of known keys, with the network in full.
   *
   * @param defaults the default of every key
   * @param problems what is wrong already
   * @throws SpecException with every problem, if there is one
   */
  static JobConfig read(
      Config settings, Config defaults, Supplier<RunId> freshRunId, List<String> problems) {
    Options root = Options.of(settings, defaults, "", problems);
    Optional<Options> described = root.value("network").map(value -> root.section("network"));
    Optional<NetworkSpec> network = described.flatMap(NetworkSpec::read);
    Options train = root.section("train");
    List<TrainingSpec> stages = TrainingSpec.stages(train);
    Optional<InitialModel> initial = InitialModel.read(train);
    network.ifPresent(
        spec -> problems.addAll(TrainingSpec.problems(stages, NetworkPlan.of(spec), "train")));
    SyncSettings sync =
        SyncSettings.read(root.section("sync"), stages.get(stages.size() - 1).endEpoch());
    DataSettings data = DataSettings.read(root.section("data"));
    Path output = Locations.read(root.section("output"), "path", "output.path");
    Optional<RunId> runId = runId(root, freshRunId);
    Limits limits = Limits.read(root.section("limits"));
    CheckpointSettings checkpoint = CheckpointSettings.read(root.section("checkpoint"));
    EarlyStopping earlyStopping = EarlyStopping.read(root.section("early-stopping"));
    TrackingSettings tracking = TrackingSettings.read(root.section("tracking"));
    described.ifPresent(Options::rejectUnknown);
    if (!problems.isEmpty() || network.isEmpty() || runId.isEmpty()) {
      throw new SpecException(problems);
    }
    return new JobConfig(
        network.get(),
        stages,
        initial,
        sync,
        data,
        output,
        runId.get(),
        limits,
        checkpoint,
        earlyStopping,
        tracking,
        settings.withValue("run-id", ConfigValueFactory.fromAnyRef(runId.get().text())));
  }

  private static Optional<RunId> runId(Options root, Supplier<RunId> fresh) {
    Optional<String> given = root.optionalText("run-id").filter(text -> !text.isEmpty());
    try {
      return Optional.of(given.map(RunId::of).orElseGet(fresh));
    } catch (IllegalArgumentException e) {
      root.problem(e.getMessage());
      return Optional.empty();
    }
  }
}
