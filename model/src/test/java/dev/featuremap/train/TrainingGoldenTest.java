package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.data.Sha256;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.loss.Loss;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bits that training gives, on every kernel, vector width and JDK: digests of the models after
 * three epochs of small runs that together use every layer, loss, optimizer and schedule. Each run
 * is a file with its network, its training and its digest.
 *
 * <p>If a digest changes, raise {@link Kernels#NUMERICS_VERSION}: runs started with the arithmetic
 * before cannot be continued with the new one.
 */
class TrainingGoldenTest {
  /** Odd in every batch size below, so that steps, blocks and lanes end unevenly. */
  private static final int IMAGES = 101;

  private static final Path RUNS = Path.of("src/test/resources/dev/featuremap/train/golden");

  /** A run of a file in the directory {@code golden}, and the digest of its model. */
  record Run(String name, String sha256, NetworkSpec network, TrainingSpec training) {
    static Run of(Path file) {
      Config config = ConfigFactory.parseFile(file.toFile());
      return new Run(
          file.getFileName().toString(),
          config.getString("sha256"),
          NetworkSpec.parse(config.getConfig("network").root().render()),
          Specs.training(config.getConfig("train").root().render()));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Run> runs() throws IOException {
    try (Stream<Path> files = Files.list(RUNS)) {
      return files.sorted().map(Run::of).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  void givesTheGoldenBitsOnThisMachinesKernels(Run run) {
    assertThat(sha256(run, KernelLookup.kernels(), Team.alone())).isEqualTo(run.sha256);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void givesTheGoldenBitsOnScalarKernels(Run run) {
    assertThat(sha256(run, new ScalarKernels(), Team.alone())).isEqualTo(run.sha256);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void givesTheGoldenBitsOnThreeThreads(Run run) {
    try (Team team = new Team(3)) {
      assertThat(sha256(run, KernelLookup.kernels(), team)).isEqualTo(run.sha256);
    }
  }

  /** What no run uses could change its bits unseen: give it a file of its own in {@code golden}. */
  @Test
  void usesEveryLayerLossAndOptimizer() throws IOException {
    Set<String> layers = new TreeSet<>();
    Set<Loss> losses = new TreeSet<>();
    Set<String> optimizers = new TreeSet<>();
    runs()
        .forEach(
            run -> {
              NetworkPlan plan = NetworkPlan.of(run.network);
              plan.layers().forEach(layer -> layers.add(LayerTypes.nameOf(layer.spec())));
              losses.add(run.network.loss());
              optimizers.add(run.training.optimizer().name());
            });

    assertThat(layers).isEqualTo(LayerTypes.names());
    assertThat(losses).containsExactlyInAnyOrder(Loss.values());
    assertThat(optimizers).containsExactlyInAnyOrderElementsOf(Optimizers.names());
  }

  private static String sha256(Run run, Kernels kernels, Team team) {
    Shard shard = SyntheticDigits.shard(0, IMAGES, 12, 10, 1);
    LocalTrainer trainer =
        new LocalTrainer(NetworkPlan.of(run.network()), run.training(), kernels, shard, team);
    float[] state = trainer.train();
    NetworkPlan plan = trainer.plan();
    Optimizer optimizer = run.training().optimizer();
    StateLayout layout = run.training().layout(plan);
    float[] trained = layout.model(state);
    System.arraycopy(state, optimizer.modelAt(layout), trained, 0, plan.parameters());
    float[] model = plan.wholeModel(trained);
    for (float value : model) {
      assertThat(value).isFinite();
    }
    return Sha256.ofFloats(model, model.length);
  }
}
