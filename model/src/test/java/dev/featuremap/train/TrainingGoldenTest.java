package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Sha256;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.layer.LayerTypes;
import dev.featuremap.loss.Losses;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.optimizer.Optimizer;
import dev.featuremap.optimizer.StateLayout;
import dev.featuremap.testing.Specs;
import dev.featuremap.testing.SyntheticDigits;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bits that training gives, on every kernel, vector width and JDK: digests of the models after
 * three epochs of small runs that together use every layer, loss, optimizer and schedule.
 *
 * <p>If a digest changes, raise {@link Kernels#NUMERICS_VERSION}: runs started with the arithmetic
 * before cannot be continued with the new one.
 */
class TrainingGoldenTest {
  /** Odd in every batch size below, so that steps, blocks and lanes end unevenly. */
  private static final int IMAGES = 101;

  /** A run and the digest of its parameters. */
  enum Run {
    MAX_POOL_BY_SGD(
        """
        { type = convolution, field = 5, feature-maps = 3, initializer = unit-normal }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = fully-connected, outputs = 10, initializer = glorot-uniform }
        """,
        "softmax-cross-entropy",
        "batch-size = 17, optimizer.weight-decay = 1e-3",
        "30e069998a5eac6fc05a39f41c16e543015db20f244d22d8833abc56214c1476"),
    MANY_MAPS_BY_MOMENTUM(
        """
        { type = convolution, field = 3, feature-maps = 7, padding = same }
        { type = relu }
        { type = convolution, field = [2, 3], feature-maps = 5, stride = 2, padding = [0, 1] }
        { type = max-pool, window = 3, stride = 1 }
        { type = relu }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        "batch-size = 33, learning-rate = 0.02, optimizer.momentum = 0.9, schedule.type = step"
            + ", schedule.step-epochs = 1",
        "7b8b1c9a9653321b4152c1f5011fc397721456896dc406263e16a76c3afb7626"),
    SMOOTH_BY_CLIPPED_NESTEROV(
        """
        { type = convolution, field = 3, feature-maps = 4, initializer = glorot-normal }
        { type = tanh }
        { type = average-pool, window = 2 }
        { type = convolution, field = 2, feature-maps = 6, initializer = lecun-normal }
        { type = sigmoid }
        { type = flatten }
        { type = dropout, rate = 0.3 }
        { type = fully-connected, outputs = 10, initializer = he-uniform }
        """,
        "sigmoid-cross-entropy",
        """
        batch-size = 23, clip-norm = 0.5, optimizer { momentum = 0.8, nesterov = true }
        schedule { type = cosine, final-factor = 0.1, warmup-epochs = 1 }
        """,
        "dc6a694cc977b7a909f259a8b891e8725d4adfc7d134b9c16dcce734bf791138"),
    L2_POOL_BY_CLIPPED_ADAM(
        """
        { type = convolution, field = [4, 3], feature-maps = 5 }
        { type = l2-pool, window = 2 }
        { type = tanh }
        { type = fully-connected, outputs = 19 }
        { type = sigmoid }
        { type = dropout, rate = 0.5 }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        """
        batch-size = 7, learning-rate = 0.003, clip-norm = 1
        optimizer { type = adam, weight-decay = 1e-4 }
        schedule { type = cosine, warmup-epochs = 0.5 }
        """,
        "b501ce77f382268b602b93b6e602105d4a92f5b1b7c79f64da44a766b2b103b6"),
    DENSE_BY_ADAMW(
        """
        { type = fully-connected, outputs = 30 }
        { type = sigmoid }
        { type = fully-connected, outputs = 10 }
        """,
        "sigmoid-cross-entropy",
        "batch-size = 64, learning-rate = 0.01, optimizer { type = adamw, weight-decay = 0.05 }",
        "5a7a2ecf1d8ba14863914c9749b952f6048421186877d6b9adbadb11a5ac9583"),
    MAX_POOL_BY_LARS(
        """
        { type = convolution, field = 5, feature-maps = 3 }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        """
        batch-size = 34, learning-rate = 8, ema-decay = 0.9
        optimizer { type = lars, momentum = 0.9, weight-decay = 1e-3 }
        schedule { type = cosine, warmup-epochs = 1 }
        """,
        "8f60c81f708d113cfcb8cc8dd9a15531f02fb830214167f9dc23bed0a752efd1"),
    /** More parameters than threads leave to one of them, where they may. */
    DENSE_BY_CLIPPED_LAMB(
        """
        { type = fully-connected, outputs = 450 }
        { type = tanh }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        """
        batch-size = 50, learning-rate = 0.02, clip-norm = 1
        optimizer { type = lamb, weight-decay = 0.01, epsilon = 1e-6 }
        """,
        "f539bd93d68f6b4362c86267559bff1b06c8327da271bb44a272995ec7eac971"),
    /** Tiles of 4 in all three products of the second convolution, of 2 in the third. */
    WINOGRAD_BY_SGD(
        """
        { type = convolution, field = 3, feature-maps = 32, padding = same }
        { type = relu }
        { type = convolution, field = 3, feature-maps = 65, padding = same }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = convolution, field = 3, feature-maps = 33, padding = same }
        { type = max-pool, window = 2 }
        { type = relu }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        "epochs = 1, batch-size = 50, learning-rate = 0.02",
        "6ffa897e59420de82c93ce9773f5d6ee9e1f9e695163065407b8b368d3852171"),
    /** A stem with a pool behind its norm, residuals with and without a shortcut, odd batches. */
    RESIDUALS_BY_MOMENTUM(
        """
        { type = convolution, field = 3, feature-maps = 8, padding = 1, bias = false }
        { type = batch-norm }
        { type = relu }
        { type = max-pool, window = 3, stride = 2, padding = 1 }
        { type = repeat, times = 2, layers = [
          { type = residual, name = block, layers = [
            { type = convolution, field = 3, feature-maps = 8, padding = same, bias = false }
            { type = batch-norm }
            { type = silu }
            { type = convolution, field = 3, feature-maps = 8, padding = 2, dilation = 2, groups = 4 }
            { type = batch-norm, momentum = 0.2 } ] }
          { type = relu } ] }
        { type = residual, layers = [
          { type = convolution, field = 3, feature-maps = 12, stride = 2, padding = 1 }
          { type = gelu } ], shortcut = [
          { type = convolution, field = 1, feature-maps = 12, stride = 2, bias = false }
          { type = batch-norm }
          { type = leaky-relu, slope = 0.1 } ] }
        { type = global-average-pool }
        { type = fully-connected, outputs = 10 }
        """,
        "softmax-cross-entropy",
        "batch-size = 37, learning-rate = 0.05, optimizer.momentum = 0.9",
        "260634ea9142604e4ac13dc5ee60e881a46b11500bb420d274cad4a0639c16bb");

    private final String layers;
    private final String loss;
    private final String train;
    private final String sha256;

    Run(String layers, String loss, String train, String sha256) {
      this.layers = layers;
      this.loss = loss;
      this.train = train;
      this.sha256 = sha256;
    }

    NetworkSpec network() {
      return NetworkSpec.parse(
          "input { shape = [1, 12, 12], mean = 0.25, deviation = 0.25 }\nloss = %s\nlayers = [\n%s]"
              .formatted(loss, layers));
    }

    TrainingSpec training() {
      return Specs.training("epochs = 3, seed = 42\n" + train);
    }
  }

  @ParameterizedTest
  @EnumSource(Run.class)
  void givesTheGoldenBitsOnThisMachinesKernels(Run run) {
    assertThat(sha256(run, KernelLookup.kernels(), Team.alone())).isEqualTo(run.sha256);
  }

  @ParameterizedTest
  @EnumSource(Run.class)
  void givesTheGoldenBitsOnScalarKernels(Run run) {
    assertThat(sha256(run, new ScalarKernels(), Team.alone())).isEqualTo(run.sha256);
  }

  @ParameterizedTest
  @EnumSource(Run.class)
  void givesTheGoldenBitsOnThreeThreads(Run run) {
    try (Team team = new Team(3)) {
      assertThat(sha256(run, KernelLookup.kernels(), team)).isEqualTo(run.sha256);
    }
  }

  @Test
  void usesEveryLayerLossAndOptimizer() {
    TreeSet<String> layers = new TreeSet<>();
    TreeSet<String> losses = new TreeSet<>();
    TreeSet<String> optimizers = new TreeSet<>();
    for (Run run : Run.values()) {
      NetworkPlan.of(run.network()).layers().forEach(layer -> layers.add(layer.spec().type()));
      losses.add(run.network().loss().name());
      optimizers.add(run.training().optimizer().name());
    }

    assertThat(layers).isEqualTo(LayerTypes.names());
    assertThat(losses).containsExactlyInAnyOrderElementsOf(Losses.names());
    assertThat(optimizers).containsExactly("adam", "adamw", "lamb", "lars", "sgd");
  }

  private static String sha256(Run run, Kernels kernels, Team team) {
    NetworkPlan plan = NetworkPlan.of(run.network());
    Shard shard = SyntheticDigits.shard(0, IMAGES, 12, 10, 1);
    float[] state = new LocalTrainer(plan, run.training(), kernels, shard, team).train();
    Optimizer optimizer = run.training().optimizer();
    StateLayout layout = plan.stateLayout(optimizer.slots());
    float[] model = layout.model(state);
    System.arraycopy(state, optimizer.modelAt(layout), model, 0, plan.parameters());
    for (float value : model) {
      assertThat(value).isFinite();
    }
    return Sha256.ofFloats(model, model.length);
  }
}
