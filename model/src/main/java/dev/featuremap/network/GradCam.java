package dev.featuremap.network;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shows which parts of an image speak for a class, by the feature maps of one layer (Selvaraju et
 * al. 2017, "Grad-CAM: visual explanations from deep networks via gradient-based localization",
 * equations 1 and 2).
 *
 * <p>With the logit {@code y} of a class and the feature maps {@code A[k]} of {@code Z} pixels, the
 * map is {@code max(0, Σ_k α[k] · A[k])}, where the weight {@code α[k] = 1/Z · Σ_ij ∂y / ∂A[k,i,j]}
 * is the mean of the gradient. Values have no unit: compare them within a map. A map of zeros means
 * that nothing there speaks for the class.
 *
 * <pre>{@code
 * GradCam cam = GradCam.of(plan, KernelLookup.kernels(), model).orElseThrow();
 * float[] map = cam.map(image, 3);     // [rows, columns] of cam.shape()
 * float[] overlay = cam.overImage(map); // [rows, columns] of the image
 * }</pre>
 *
 * <p>The network works as in predictions: by running statistics, without dropout. An instance holds
 * the activations of 16 images and is used by one thread; up to 16 images cost as much as one.
 */
public final class GradCam {
  private final NetworkPlan plan;
  private final PlannedStep layer;
  private final Network network;
  private final BlockGroup group = new BlockGroup(1);
  private final LaneBlock block;

  private GradCam(NetworkPlan plan, Kernels kernels, float[] model, PlannedStep layer) {
    NetworkPlan whole = plan.whole();
    // With all layers frozen, in their order, the frozen values are laid out as the whole model.
    NetworkPlan frozen = whole.freeze(name -> true);
    if (frozen.frozen().size() != whole.parameters() + whole.buffers()) {
      throw new IllegalArgumentException(
          "Cannot explain a plan that is cut: expected the plan of the whole network.");
    }
    this.plan = frozen.withFrozen(plan.wholeModel(model));
    this.layer = layer;
    network = Network.seeking(this.plan, kernels, layer.writes());
    network.prepare(new float[0], 0, 1);
    group.resize(1, 1);
    // Frozen layers predict; layers keep what the way back needs only in training.
    group.pass(0).train(0, 0);
    InputSpec input = whole.spec().input();
    block = new LaneBlock(input.shape(), input.normalization());
  }

  /**
   * Looks at the last activation with rows and columns, which is where the network still knows
   * places and knows most about classes.
   *
   * @param model the parameters, then the buffers; must not change from here on
   * @return empty where no layer has {@linkplain #layerOf such an activation}
   */
  public static Optional<GradCam> of(NetworkPlan plan, Kernels kernels, float[] model) {
    return last(plan).map(step -> new GradCam(plan, kernels, model, step));
  }

  /**
   * Looks at the activation of a layer, or of what joins several.
   *
   * @param model as in {@link #of(NetworkPlan, Kernels, float[])}
   * @param layer its name, as the table of layers has it
   * @throws IllegalArgumentException if there is none of that name, or if its output has no rows
   *     and columns
   */
  public static GradCam of(NetworkPlan plan, Kernels kernels, float[] model, String layer) {
    List<PlannedStep> steps = plan.upTo(layer).steps();
    PlannedStep step = steps.get(steps.size() - 1);
    if (step.output().isFlat()) {
      throw new IllegalArgumentException(
          "Cannot show what layer %s looks at: its output needs rows and columns, got %s. Name a layer above that makes a vector of the image."
              .formatted(layer, step.output()));
    }
    return new GradCam(plan, kernels, model, step);
  }

  /**
   * The name of the layer that {@link #of(NetworkPlan, Kernels, float[])} looks at: the last one
   * with rows and columns; empty where no convolution is at or above it, as in a network of fully
   * connected layers.
   */
  public static Optional<String> layerOf(NetworkPlan plan) {
    return last(plan).map(PlannedStep::name);
  }

  private static Optional<PlannedStep> last(NetworkPlan plan) {
    PlannedStep last = null;
    boolean convolved = false;
    for (PlannedStep step : plan.steps()) {
      convolved |= step.layer().filter(l -> l.spec() instanceof Convolution).isPresent();
      last = convolved && !step.output().isFlat() ? step : last;
    }
    return Optional.ofNullable(last);
  }

  /**
   * Bytes of activations and gradients that an instance holds, without what layers need for
   * themselves.
   *
   * @param layer as in {@link #of(NetworkPlan, Kernels, float[], String)}
   */
  public static long activationBytes(NetworkPlan plan, String layer) {
    int activation = plan.upTo(layer).steps().size();
    NetworkPlan frozen = plan.whole().freeze(name -> true);
    return Float.BYTES * BufferPlan.seeking(frozen.steps(), activation).blockFloats();
  }

  /** The name of the layer whose feature maps are looked at. */
  public String layer() {
    return layer.name();
  }

  /** The shape of its feature maps; a map of a class has their rows and columns. */
  public Shape shape() {
    return layer.output();
  }

  /**
   * The map of an image.
   *
   * @param image {@code [channel, row, column]} of the network's input, unsigned bytes
   * @param label a class, from 0
   * @return {@code [row, column]} of {@link #shape()}, at least 0
   */
  public float[] map(byte[] image, int label) {
    return maps(List.of(image), List.of(new int[] {label})).get(0).get(0);
  }

  /**
   * The maps of several images. An image goes through the network once, and back from the layer's
   * end for each of its classes.
   *
   * @param images as in {@link #map}
   * @param classes those of each image, any number of them
   * @return by image, and then in the order of its classes: {@code [row, column]} as in {@link
   *     #map}
   * @throws IllegalArgumentException if a class or an image does not belong to the network
   */
  public List<List<float[]>> maps(List<byte[]> images, List<int[]> classes) {
    check(images, classes);
    List<List<float[]>> maps = new ArrayList<>();
    for (int from = 0; from < images.size(); from += Lanes.COUNT) {
      int end = Math.min(from + Lanes.COUNT, images.size());
      addMaps(images.subList(from, end), classes.subList(from, end), maps);
    }
    return maps;
  }

  private void check(List<byte[]> images, List<int[]> classes) {
    Shape input = plan.spec().input().shape();
    if (images.size() != classes.size()) {
      throw new IllegalArgumentException(
          "Cannot explain %s images: expected a list of classes for each, got %s."
              .formatted(images.size(), classes.size()));
    }
    for (byte[] image : images) {
      if (image.length != input.size()) {
        throw new IllegalArgumentException(
            "Cannot explain an image of %s bytes: the network takes images of %s = %s."
                .formatted(image.length, input, input.size()));
      }
    }
    for (int label : classes.stream().flatMapToInt(Arrays::stream).toArray()) {
      if (label < 0 || label >= plan.classes()) {
        throw new IllegalArgumentException(
            "Cannot explain class %s: expected 0 to %s.".formatted(label, plan.classes() - 1));
      }
    }
  }

  /** Adds the maps of up to 16 images. */
  private void addMaps(List<byte[]> images, List<int[]> classes, List<List<float[]>> maps) {
    float[][] pixels = {load(images)};
    network.forward(0, group, new float[0], pixels);
    float[] logits = network.logitGradients()[0];
    int most = classes.stream().mapToInt(wanted -> wanted.length).max().orElse(0);
    int first = maps.size();
    images.forEach(image -> maps.add(new ArrayList<>()));
    for (int k = 0; k < most; k++) {
      Arrays.fill(logits, 0);
      for (int lane = 0; lane < images.size(); lane++) {
        if (k < classes.get(lane).length) {
          logits[classes.get(lane)[k] * Lanes.COUNT + lane] = 1;
        }
      }
      network.backward(0, group, new float[0], pixels);
      for (int lane = 0; lane < images.size(); lane++) {
        if (k < classes.get(lane).length) {
          maps.get(first + lane).add(weighted(lane));
        }
      }
    }
  }

  private float[] load(List<byte[]> images) {
    int count = images.size();
    Shape input = plan.spec().input().shape();
    byte[] pixels = new byte[count * input.size()];
    for (int k = 0; k < count; k++) {
      System.arraycopy(images.get(k), 0, pixels, k * input.size(), input.size());
    }
    ImageChunk chunk = new ImageChunk(input, new long[count], new int[count], pixels);
    block.load(new MemoryShard(List.of(chunk)).pass(EpochOrder.sequential(), 0, count), 0, count);
    group.pass(0).at(0, count, block.records());
    return block.pixels();
  }

  /** Equations 1 and 2, for the image in a lane. */
  private float[] weighted(int lane) {
    float[] features = network.written(layer.writes());
    float[] gradient = network.soughtGradient();
    int plane = shape().height() * shape().width();
    double[] sums = new double[plane];
    for (int channel = 0; channel < shape().channels(); channel++) {
      int at = channel * plane * Lanes.COUNT + lane;
      double total = 0;
      for (int k = 0; k < plane; k++) {
        total += gradient[at + k * Lanes.COUNT];
      }
      double weight = total / plane;
      for (int k = 0; k < plane; k++) {
        sums[k] += weight * features[at + k * Lanes.COUNT];
      }
    }
    float[] map = new float[plane];
    for (int k = 0; k < plane; k++) {
      map[k] = (float) Math.max(0, sums[k]);
    }
    return map;
  }

  /**
   * A map stretched over the image, bilinearly: corners of pixels lie on corners, as in PyTorch
   * with {@code align_corners=False}.
   *
   * @param map {@code [row, column]} of {@link #shape()}
   * @return {@code [row, column]} of the network's input
   */
  public float[] overImage(float[] map) {
    Shape to = plan.spec().input().shape();
    float[] stretched = new float[to.height() * to.width()];
    int at = 0;
    for (int y = 0; y < to.height(); y++) {
      double row = place(y, to.height(), shape().height());
      for (int x = 0; x < to.width(); x++) {
        stretched[at++] = (float) between(map, row, place(x, to.width(), shape().width()));
      }
    }
    return stretched;
  }

  /**
   * Where the middle of a pixel of the image lies among the pixels of a map, at most on its rim.
   */
  private static double place(int pixel, int of, int among) {
    return Math.min(Math.max((pixel + 0.5) * among / of - 0.5, 0), among - 1);
  }

  private double between(float[] map, double row, double column) {
    int width = shape().width();
    int y = (int) row;
    int x = (int) column;
    int right = Math.min(x + 1, width - 1) - x;
    int below = y * width + (Math.min(y + 1, shape().height() - 1) - y) * width + x;
    int above = y * width + x;
    double upper = map[above] + (column - x) * (map[above + right] - map[above]);
    double lower = map[below] + (column - x) * (map[below + right] - map[below]);
    return upper + (row - y) * (lower - upper);
  }
}
