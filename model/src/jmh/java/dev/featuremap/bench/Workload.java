package dev.featuremap.bench;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.NetworkPart;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What every trainer has to train: a network with its starting parameters and {@link #IMAGES}
 * random images, the same in every process.
 *
 * @param network name of a network file beside this class, for example {@code N1}, or in {@code
 *     conf/networks}; followed by {@link #OF_DIGITS}, the same network of MNIST's images
 * @param batchSize images of a mini-batch; divides {@link #IMAGES}
 * @param threads threads a trainer may keep busy
 * @param dropout false to have dropout layers drop nothing, so that trainers can be compared
 * @param disturbance 0 for the network's own starting parameters; other numbers move each by about
 *     as much as rounding does, each number in its own way
 */
public record Workload(
    String network, int batchSize, int threads, boolean dropout, int disturbance) {
  /** The networks that have a file here; those of {@code conf/networks} go by name too. */
  public static final List<String> NETWORKS = List.of("N1", "N2", "N3", "N4", "N5", "layers");

  /** After the name of a network of another input. */
  public static final String OF_DIGITS = "@1x28x28";

  private static final String DIGITS =
      "\ninput { shape = [1, 28, 28], mean = 0.1307, deviation = 0.3081 }\n";

  /** Enough images that caches do not hold them all, few enough to make in no time. */
  public static final int IMAGES = 1280;

  /**
   * The constant step of plain gradient descent: so small that no network diverges, and that
   * rounding does not grow over the steps whose losses are compared.
   */
  public static final float LEARNING_RATE = 1e-4f;

  /** Of the starting parameters and the images. */
  static final long SEED = 7;

  /** The largest disturbance of a parameter, as a share of it: some roundings of a sum. */
  private static final double DISTURBANCE = 0x1p-21;

  /** The network's own starting parameters. */
  public Workload(String network, int batchSize, int threads, boolean dropout) {
    this(network, batchSize, threads, dropout, 0);
  }

  /** Rejects mini-batches of unequal size. */
  public Workload {
    if (batchSize < 1 || IMAGES % batchSize != 0) {
      throw new IllegalArgumentException(
          "Cannot cut %d images into mini-batches: the batch size must divide them, got %d."
              .formatted(IMAGES, batchSize));
    }
  }

  /** Mini-batches of the data set. */
  public int batches() {
    return IMAGES / batchSize;
  }

  /** The network with its shapes and its layout of parameters. */
  public NetworkPlan plan() {
    NetworkSpec spec = NetworkSpec.parse(networkText());
    return NetworkPlan.of(dropout ? spec : withoutDropout(spec));
  }

  /** The parameters every trainer starts from, in the layout of {@link #plan}. */
  public float[] parameters() {
    float[] parameters = plan().initialParameters(SEED);
    if (disturbance != 0) {
      SplittableRandom random = new SplittableRandom(disturbance);
      for (int k = 0; k < parameters.length; k++) {
        parameters[k] *= (float) (1 + DISTURBANCE * random.nextDouble(-1, 1));
      }
    }
    return parameters;
  }

  /** The images as bytes, record {@code i} at index {@code i}. */
  public ImageChunk chunk() {
    NetworkPlan plan = plan();
    Shape shape = plan.spec().input().shape();
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] pixels = new byte[IMAGES * shape.size()];
    random.nextBytes(pixels);
    int[] labels = random.ints(IMAGES, 0, plan.classes()).toArray();
    long[] records = IntStream.range(0, IMAGES).asLongStream().toArray();
    return new ImageChunk(shape, records, labels, pixels);
  }

  /** The images as the network reads them, {@code [image, channel, row, column]}. */
  public float[] pixels() {
    Shape shape = plan().spec().input().shape();
    float[] pixels = new float[IMAGES * shape.size()];
    Shard shard = new MemoryShard(List.of(chunk()));
    for (int from = 0; from < IMAGES; from += Lanes.COUNT) {
      float[] lanes = block(shard, from, Lanes.COUNT).pixels();
      for (int k = 0; k < lanes.length; k++) {
        pixels[(from + k % Lanes.COUNT) * shape.size() + k / Lanes.COUNT] = lanes[k];
      }
    }
    return pixels;
  }

  /** The images {@code [from, from + count)} of {@link #chunk}'s shard in the image-lane layout. */
  LaneBlock block(Shard shard, int from, int count) {
    InputSpec input = plan().spec().input();
    LaneBlock block = new LaneBlock(input.shape(), input.normalization());
    block.load(shard.pass(EpochOrder.sequential(), from, from + count), from, count);
    return block;
  }

  /** The class of each image. */
  public int[] labels() {
    int[] labels = new int[IMAGES];
    ImageChunk chunk = chunk();
    for (int index = 0; index < IMAGES; index++) {
      labels[index] = chunk.label(index);
    }
    return labels;
  }

  private String networkText() {
    return network.endsWith(OF_DIGITS)
        ? file(network.substring(0, network.length() - OF_DIGITS.length())) + DIGITS
        : file(network);
  }

  private static String file(String network) {
    try (InputStream own = Workload.class.getResourceAsStream(network + ".conf");
        InputStream shared = Workload.class.getResourceAsStream("/" + network + ".conf")) {
      InputStream file = own == null ? shared : own;
      if (file == null) {
        throw new IllegalArgumentException(
            "Cannot read the network: unknown name, got %s, expected one of %s."
                .formatted(network, NETWORKS));
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the network " + network, e);
    }
  }

  private static NetworkSpec withoutDropout(NetworkSpec spec) {
    List<NetworkPart> layers =
        spec.layers().stream()
            .map(part -> part.with(layer -> layer instanceof Dropout ? new Dropout(0) : layer))
            .toList();
    return new NetworkSpec(spec.input(), layers, spec.loss());
  }
}
