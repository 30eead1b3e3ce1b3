package dev.featuremap.job.watch.page;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.FeatureMaps;
import dev.featuremap.network.GradCam;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes pictures of what a network has learned: its first weights, its feature maps, and what it
 * looks at.
 *
 * @param model the parameters, then the buffers
 */
public record NetworkPictures(NetworkPlan plan, float[] model) {
  private static final int MOST_FILTERS = 64;
  private static final int MOST_LAYERS = 8;
  private static final int MOST_MAPS = 16;
  private static final int LEAST_SIDE = 3;
  private static final int LARGEST_SIDE = 64;
  private static final int LARGEST_CAM = 32;

  /**
   * The weights of the first tensor as pictures of what each map or output answers to, if it reads
   * an image of 1 or 3 channels: grey is zero, and the largest of all decides the scale.
   */
  public Optional<Filters> filters() {
    PlannedTensor weights = plan.tensors().get(0);
    return shapeOf(weights.spec().dimensions())
        .filter(shape -> shape.channels() == 1 || shape.channels() == 3)
        .map(shape -> new Filters(weights.name(), shape, pixels(weights, shape)));
  }

  private Optional<Shape> shapeOf(List<Integer> dimensions) {
    Shape input = plan.spec().input().shape();
    if (dimensions.size() == 4 && dimensions.get(1) == input.channels()) {
      return Optional.of(new Shape(dimensions.get(1), dimensions.get(2), dimensions.get(3)));
    }
    return dimensions.size() == 2 && dimensions.get(1) == input.size()
        ? Optional.of(input)
        : Optional.empty();
  }

  private byte[] pixels(PlannedTensor weights, Shape shape) {
    int count = Math.min(MOST_FILTERS, weights.spec().dimensions().get(0)) * shape.size();
    float[] values = Arrays.copyOfRange(model, weights.at(), weights.at() + count);
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    byte[] pixels = new byte[count];
    for (int k = 0; k < count; k++) {
      pixels[k] = (byte) Math.round(127.5 + 127.5 * (largest == 0 ? 0 : values[k] / largest));
    }
    return pixels;
  }

  /**
   * Adds the feature maps of up to 16 images.
   *
   * @param images {@code [channel, row, column]} of each
   */
  public void addMaps(PageData page, List<byte[]> images) {
    InputSpec input = plan.spec().input();
    int count = images.size();
    byte[] pixels = new byte[count * input.shape().size()];
    for (int k = 0; k < count; k++) {
      System.arraycopy(images.get(k), 0, pixels, k * input.shape().size(), input.shape().size());
    }
    ImageChunk chunk = new ImageChunk(input.shape(), new long[count], new int[count], pixels);
    LaneBlock block = new LaneBlock(input.shape(), input.normalization());
    block.load(new MemoryShard(List.of(chunk)).pass(EpochOrder.sequential(), 0, count), 0, count);
    FeatureMaps.of(plan, KernelLookup.kernels(), model, block.pixels()).stream()
        .filter(maps -> Math.min(maps.shape().height(), maps.shape().width()) >= LEAST_SIDE)
        .limit(MOST_LAYERS)
        .forEach(maps -> add(page, maps, count));
  }

  private static void add(PageData page, FeatureMaps maps, int images) {
    Shape whole = maps.shape();
    int step = (Math.max(whole.height(), whole.width()) - 1) / LARGEST_SIDE + 1;
    Shape shown =
        new Shape(
            Math.min(MOST_MAPS, whole.channels()),
            (whole.height() - 1) / step + 1,
            (whole.width() - 1) / step + 1);
    List<byte[]> pictures = new ArrayList<>();
    IntStream.range(0, images)
        .forEach(k -> pictures.add(picture(maps.image(k), whole, shown, step)));
    page.maps(maps.name(), shown, whole.channels(), pictures);
  }

  /** Each map stretched from its least value to its largest. */
  private static byte[] picture(float[] values, Shape whole, Shape shown, int step) {
    byte[] picture = new byte[shown.size()];
    int plane = whole.height() * whole.width();
    int at = 0;
    for (int map = 0; map < shown.channels(); map++) {
      float least = Float.POSITIVE_INFINITY;
      float largest = Float.NEGATIVE_INFINITY;
      for (int k = map * plane; k < (map + 1) * plane; k++) {
        least = Math.min(least, values[k]);
        largest = Math.max(largest, values[k]);
      }
      float scale = largest > least ? 255 / (largest - least) : 0;
      for (int y = 0; y < shown.height(); y++) {
        for (int x = 0; x < shown.width(); x++) {
          float value = values[map * plane + y * step * whole.width() + x * step];
          picture[at++] = (byte) Math.round((value - least) * scale);
        }
      }
    }
    return picture;
  }

  /**
   * Adds what the network looked at in its mistakes, by {@link GradCam}; nothing where no layer can
   * tell, or where the activations of 16 images need too much memory.
   *
   * @param images {@code [channel, row, column]} of each mistake
   * @param classes the prediction of each mistake, and its label
   * @param mostBytes that activations may take
   */
  public void addCams(PageData page, List<byte[]> images, List<int[]> classes, long mostBytes) {
    boolean fits =
        GradCam.layerOf(plan)
            .filter(layer -> GradCam.activationBytes(plan, layer) <= mostBytes)
            .isPresent();
    if (!fits || images.isEmpty()) {
      return;
    }
    GradCam cam = GradCam.of(plan, KernelLookup.kernels(), model).orElseThrow();
    Shape whole = cam.shape();
    int step = (Math.max(whole.height(), whole.width()) - 1) / LARGEST_CAM + 1;
    int height = (whole.height() - 1) / step + 1;
    int width = (whole.width() - 1) / step + 1;
    List<List<byte[]>> pictures =
        cam.maps(images, classes).stream()
            .map(maps -> maps.stream().map(map -> scaled(map, whole, width, height, step)).toList())
            .toList();
    page.cams(cam.layer(), height, width, pictures);
  }

  /** A map from zero to its largest value; of a large one, means of squares of pixels. */
  private static byte[] scaled(float[] map, Shape whole, int width, int height, int step) {
    double[] means = new double[height * width];
    double largest = 0;
    for (int k = 0; k < means.length; k++) {
      int top = k / width * step;
      int left = k % width * step;
      int bottom = Math.min(top + step, whole.height());
      int right = Math.min(left + step, whole.width());
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          means[k] += map[y * whole.width() + x] / ((bottom - top) * (double) (right - left));
        }
      }
      largest = Math.max(largest, means[k]);
    }
    byte[] picture = new byte[means.length];
    for (int k = 0; k < picture.length && largest > 0 && Double.isFinite(largest); k++) {
      picture[k] = (byte) Math.round(255 * means[k] / largest);
    }
    return picture;
  }
}
