package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradCamTest {
  private static final Kernels KERNELS = KernelLookup.kernels();
  private static final Shape INPUT = new Shape(2, 8, 6);

  /** The layers above the feature maps: kinds that keep something for the way back, and joins. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{ type = global-average-pool }",
        "{ type = max-pool, window = 2 }, { type = flatten }",
        "{ type = max-pool, window = 3, stride = 2, padding = 1 }, { type = flatten }",
        "{ type = adaptive-max-pool, output = 2 }, { type = flatten }",
        "{ type = global-max-pool }, { type = dropout, rate = 0.5 }",
        "{ type = batch-norm }, { type = silu }, { type = global-average-pool }",
        "{ type = group-norm, groups = 2 }, { type = gelu }, { type = global-average-pool }",
        "{ type = layer-norm }, { type = layer-scale }, { type = elu }",
        """
        { type = residual, layers = [
          { type = convolution, field = 3, padding = 1, feature-maps = 4 }, { type = batch-norm } ] }
        { type = tanh }
        { type = convolution, field = 2, stride = 2, feature-maps = 6 }
        { type = global-average-pool }, { type = fully-connected, outputs = 5 }, { type = tanh }
        """,
        """
        { type = residual, layers = [ { type = gate, layers = [ { type = global-average-pool }
          { type = fully-connected, outputs = 4 }, { type = sigmoid } ] }
          { type = stochastic-depth, rate = 0.3 } ] }
        { type = concat, branches = [ [], [
          { type = convolution, field = 1, feature-maps = 3 } ] ] }
        { type = global-average-pool }
        """,
        """
        { type = multiply, name = both, inputs = [seen, seen] }, { type = add, inputs = [both, seen] }
        """
      })
  void weighsFeatureMapsByTheMeanOfCentralDifferences(String above) {
    NetworkPlan plan =
        plan(
            "{ type = silu }, { type = convolution, name = seen, field = 1, feature-maps = 4 }, "
                + above);
    float[] model = moved(plan);
    GradCam cam = GradCam.of(plan, KERNELS, model, "seen");
    List<byte[]> images = IntStream.range(0, 3).mapToObj(GradCamTest::image).toList();

    List<List<float[]>> maps =
        cam.maps(images, List.of(new int[] {1}, new int[] {2, 0}, new int[] {}));

    assertThat(maps).extracting(List::size).containsExactly(1, 2, 0);
    assertAgrees(maps.get(0).get(0), expected(plan, model, images.get(0), 1));
    assertAgrees(maps.get(1).get(0), expected(plan, model, images.get(1), 2));
    assertAgrees(maps.get(1).get(1), expected(plan, model, images.get(1), 0));
  }

  @Test
  void looksAtTheLastActivationWithRowsAndColumns() {
    NetworkPlan plan = Specs.plan(Texts.THREE_MAPS);

    GradCam cam = GradCam.of(plan, KERNELS, plan.initialState(1, 0)).orElseThrow();

    assertThat(cam.layer()).isEqualTo("max_pool1");
    assertThat(cam.shape()).isEqualTo(new Shape(3, 12, 12));
    assertThat(cam.map(new byte[784], 9)).hasSize(144);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ type = fully-connected, outputs = 5 }, { type = relu }",
        "{ type = batch-norm }",
        "{ type = average-pool, window = 2 }, { type = flatten }",
        "{ type = convolution, field = 28, feature-maps = 4 }, { type = relu }"
      })
  void seesNothingWhereNoConvolutionLeavesRowsAndColumns(String layers) {
    NetworkPlan plan = Specs.plan(Texts.layers(layers, "{ type = fully-connected, outputs = 2 }"));

    assertThat(GradCam.layerOf(plan)).isEmpty();
    assertThat(GradCam.of(plan, KERNELS, plan.initialState(1, 0))).isEmpty();
  }

  /** Of one channel with a positive weight for class 1, and the opposite for class 0. */
  @Test
  void keepsOnlyWhatSpeaksForTheClass() {
    NetworkPlan plan =
        Specs.plan(
            """
            input { shape = [1, 2, 2], mean = 0, deviation = 1 }
            layers = [
              { type = convolution, field = 1, feature-maps = 1 }
              { type = global-average-pool }
              { type = fully-connected, outputs = 2 }
            ]
            """);
    float[] model = {10, 0, -2, 2, 0, 0};
    byte[] image = {51, 0, 0, (byte) 255};

    List<float[]> maps =
        GradCam.of(plan, KERNELS, model)
            .orElseThrow()
            .maps(List.of(image), List.of(new int[] {0, 1}))
            .get(0);

    // ∂y1/∂A = 2 / 4 at each pixel, A = 10 · p / 255.
    assertThat(maps.get(0)).containsExactly(0, 0, 0, 0);
    assertThat(maps.get(1)).containsExactly(1, 0, 0, 5);
  }

  @Test
  void explainsAnyNumberOfImagesAsItDoesOne() {
    NetworkPlan plan = plan("{ type = relu }, { type = global-average-pool }");
    GradCam cam = GradCam.of(plan, KERNELS, moved(plan)).orElseThrow();
    List<byte[]> images = IntStream.range(0, 35).mapToObj(GradCamTest::image).toList();

    List<List<float[]>> maps =
        cam.maps(images, IntStream.range(0, 35).mapToObj(k -> new int[] {k % 3, 2}).toList());

    assertThat(maps).hasSize(35);
    for (int k = 0; k < 35; k++) {
      assertThat(maps.get(k).get(0)).containsExactly(cam.map(images.get(k), k % 3));
      assertThat(maps.get(k).get(1)).containsExactly(cam.map(images.get(k), 2));
    }
  }

  @Test
  void seesTheSameWhateverTrainingLeavesAlone() {
    NetworkPlan plan = plan("{ type = relu }, { type = global-average-pool }");
    float[] model = moved(plan);
    NetworkPlan half = plan.freeze("convolution1"::equals);
    float[] trained = half.trainedPart(model);

    assertThat(half.frozen().size()).isPositive();
    assertThat(GradCam.of(half, KERNELS, trained).orElseThrow().map(image(1), 2))
        .containsExactly(GradCam.of(plan, KERNELS, model).orElseThrow().map(image(1), 2));
  }

  /** As {@code torch.nn.functional.interpolate(…, mode="bilinear", align_corners=False)}. */
  @Test
  void stretchesAMapOverTheImage() {
    NetworkPlan plan =
        Specs.plan(
            """
            input { shape = [1, 4, 6], mean = 0, deviation = 1 }
            layers = [
              { type = convolution, field = 1, feature-maps = 1 }
              { type = average-pool, window = 2 }
              { type = fully-connected, outputs = 2 }
            ]
            """);
    GradCam cam = GradCam.of(plan, KERNELS, plan.initialState(1, 0)).orElseThrow();

    assertThat(cam.overImage(new float[] {0, 4, 8, 16, 20, 24}))
        .containsExactly(
            0, 1, 3, 5, 7, 8, 4, 5, 7, 9, 11, 12, 12, 13, 15, 17, 19, 20, 16, 17, 19, 21, 23, 24);
  }

  @Test
  void holdsLittleMoreThanAPrediction() {
    NetworkPlan plan = Specs.plan(Texts.THREE_MAPS);

    // The buffers of conv1 and relu1 serve the others too, except for the two gradients.
    assertThat(GradCam.activationBytes(plan, "max_pool1"))
        .isEqualTo(4L * Lanes.COUNT * (2 * 3 * 24 * 24 + 3 * 12 * 12 + 10));
  }

  @Test
  void saysWhatItCannotExplain() {
    NetworkPlan plan = plan("{ type = relu, name = seen }, { type = global-average-pool }");
    float[] model = moved(plan);
    GradCam cam = GradCam.of(plan, KERNELS, model, "seen");

    assertThatThrownBy(() -> GradCam.of(plan, KERNELS, model, "conv9"))
        .hasMessageStartingWith("the network has no layer conv9, expected one of [");
    assertThatThrownBy(() -> GradCam.of(plan, KERNELS, model, "out"))
        .hasMessage(
            "Cannot show what layer out looks at: its output needs rows and columns, got [3, 1, 1]. Name a layer above that makes a vector of the image.");
    assertThatThrownBy(() -> GradCam.of(plan.upTo("seen"), KERNELS, model))
        .hasMessage("Cannot explain a plan that is cut: expected the plan of the whole network.");
    assertThatThrownBy(() -> cam.map(image(0), 3))
        .hasMessage("Cannot explain class 3: expected 0 to 2.");
    assertThatThrownBy(() -> cam.map(image(0), -1))
        .hasMessage("Cannot explain class -1: expected 0 to 2.");
    assertThatThrownBy(() -> cam.map(new byte[95], 0))
        .hasMessage(
            "Cannot explain an image of 95 bytes: the network takes images of [2, 8, 6] = 96.");
    assertThatThrownBy(() -> cam.maps(List.of(image(0)), List.of()))
        .hasMessage("Cannot explain 1 images: expected a list of classes for each, got 0.");
  }

  private static void assertAgrees(float[] map, double[][] expected) {
    for (int k = 0; k < map.length; k++) {
      assertThat((double) map[k])
          .as("pixel %s", k)
          .isCloseTo(Math.max(0, expected[0][k]), within(2e-3 * expected[1][k] + 5e-6));
    }
  }

  /**
   * The formula, with differences in place of gradients: α of a map follows from adding the same
   * small number to all of its pixels, which its bias does.
   *
   * @return the sums of each pixel, and those of the magnitudes, which tell how exact they are
   */
  private static double[][] expected(NetworkPlan plan, float[] model, byte[] image, int label) {
    Shape maps = plan.upTo("seen").output();
    int plane = maps.height() * maps.width();
    float[] features = outputs(plan.upTo("seen"), model, image);
    double[][] sums = new double[2][plane];
    int bias = biasOf(plan);
    for (int map = 0; map < maps.channels(); map++) {
      double step = 0x1p-7;
      float above = logit(plan, with(model, bias + map, step), image, label);
      float below = logit(plan, with(model, bias + map, -step), image, label);
      double weight = (above - (double) below) / (2 * step) / plane;
      for (int k = 0; k < plane; k++) {
        sums[0][k] += weight * features[map * plane + k];
        sums[1][k] += Math.abs(weight * features[map * plane + k]);
      }
    }
    return sums;
  }

  /** Where the bias is that moves a map of the layer {@code seen}. */
  private static int biasOf(NetworkPlan plan) {
    return plan.tensors().stream()
        .filter(tensor -> tensor.name().equals("seen.bias"))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private static float[] with(float[] model, int at, double step) {
    float[] changed = model.clone();
    changed[at] += (float) step;
    return changed;
  }

  private static float logit(NetworkPlan plan, float[] model, byte[] image, int label) {
    return outputs(plan, model, image)[label];
  }

  private static float[] outputs(NetworkPlan plan, float[] model, byte[] image) {
    float[] outputs = new float[plan.output().size()];
    new Predictor(plan, KERNELS, model, Team.alone()).featuresInto(shard(image), outputs);
    return outputs;
  }

  private static MemoryShard shard(byte[] image) {
    return new MemoryShard(List.of(new ImageChunk(INPUT, new long[1], new int[1], image)));
  }

  private static NetworkPlan plan(String layers) {
    return Specs.plan(
        """
        input { shape = [2, 8, 6], mean = 0.5, deviation = 0.2 }
        layers = [
          { type = convolution, field = 3, padding = 1, feature-maps = 4, bias = false }
          { type = batch-norm }
          %s
          { type = fully-connected, name = out, outputs = 3 }
        ]
        """
            .formatted(layers));
  }

  /** A model whose statistics are not those of the start, either. */
  private static float[] moved(NetworkPlan plan) {
    float[] model = plan.initialState(3, 0);
    for (int k = 0; k < model.length; k++) {
      model[k] += (float) ((CounterRandom.hash(5, k) & 0xFF) / 512.0);
    }
    return model;
  }

  private static byte[] image(int number) {
    byte[] image = new byte[INPUT.size()];
    for (int k = 0; k < image.length; k++) {
      image[k] = (byte) CounterRandom.hash(number, k);
    }
    return image;
  }
}
