package dev.featuremap.job.testing;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.job.commands.export.ExportFormat;
import dev.featuremap.job.commands.export.ExportJob;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Networks with random parameters, to compare what other frameworks make of their exports: those of
 * {@link BundledNetworks}, those of the golden runs, which together have every type of layer, and
 * some that use layers in unusual ways.
 */
public final class SampleNetworks {
  /** Images that each network is tried on; no multiple of what kernels work on at once. */
  public static final int IMAGES = 5;

  /** Of the samples that tests run; larger ones are for {@code scripts/check-exports}. */
  private static final int MOST_PARAMETERS = 3_000_000;

  private static final Path GOLDEN_RUNS =
      Path.of("../model/src/test/resources/dev/featuremap/train/golden");

  private static final String EVERY_LAYER =
      """
      input { shape = [3, 13, 11], mean = [0.49, 0.48, 0.45], deviation = [0.25, 0.24, 0.26] }
      layers = [
        { type = convolution, name = wide, feature-maps = 8, field = [3, 5], padding = [1, 2] }
        { type = leaky-relu, slope = 0.2 }
        { type = max-pool, window = 3, stride = 2, padding = 1 }
        { type = convolution, feature-maps = 8, field = 3, padding = 2, dilation = 2, groups = 4, bias = false }
        { type = batch-norm, epsilon = 0.001 }
        { type = gelu }
        { type = repeat, times = 2, layers = [
          { type = residual, name = block, layers = [
            { type = convolution, name = inner.conv, feature-maps = 8, field = 3, padding = same }
            { type = silu }
          ] }
        ] }
        { type = residual, name = narrowing, layers = [
          { type = convolution, name = conv, feature-maps = 16, field = 3, padding = 1, stride = 2 }
        ], shortcut = [
          { type = convolution, name = downsample.0, feature-maps = 16, field = 1, stride = 2, bias = false }
          { type = batch-norm, name = downsample.1 }
        ] }
        { type = l2-pool, window = 2, stride = 1 }
        { type = average-pool, window = 2, stride = 1 }
        { type = tanh }
        { type = dropout }
        { type = global-average-pool }
        { type = batch-norm }
        { type = sigmoid }
        { type = fully-connected, outputs = 12 }
        { type = residual, name = vectors, layers = [
          { type = relu }
          { type = fully-connected, outputs = 12 }
        ] }
        { type = convolution, name = across, feature-maps = 6, field = 1 }
        { type = flatten }
        { type = fully-connected, outputs = 4 }
      ]
      """;

  private static final String ONE_PIXEL =
      """
      input { shape = [2, 6, 6] }
      layers = [
        { type = convolution, feature-maps = 5, field = 5 }
        { type = max-pool }
        { type = dropout }
        { type = l2-pool, window = 1 }
        { type = average-pool, window = 1 }
        { type = global-average-pool }
      ]
      loss = sigmoid-cross-entropy
      """;

  private static final String WINDOWS =
      """
      input { shape = [3, 23, 22] }
      layers = [
        { type = convolution, feature-maps = 6, field = [3, 5], stride = [2, 1], padding = [0, 1, 1, 2] }
        { type = convolution, feature-maps = 6, field = 3, stride = [1, 2], padding = same, groups = 3 }
        { type = convolution, feature-maps = 6, field = 2, dilation = [1, 2], padding = same }
        { type = max-pool, window = 3, stride = 1, padding = 1, ceil-mode = true }
        { type = max-pool, window = [2, 3], stride = 1, padding = [1, 0, 0, 2] }
        { type = adaptive-average-pool, output = [15, 16] }
        { type = max-pool, window = 2, stride = 1, dilation = [3, 1], padding = [3, 0, 0, 0] }
        { type = average-pool, window = 3, stride = 1, padding = 1 }
        { type = average-pool, window = [3, 2], stride = 1, padding = 1, count-padding = false }
        { type = average-pool, window = 3, stride = 1, padding = [2, 0, 0, 1] }
        { type = average-pool, window = 3, stride = 1, padding = [0, 2, 1, 0], count-padding = false }
        { type = l2-pool, window = 2, stride = 1, padding = [1, 0, 0, 1] }
        { type = adaptive-max-pool, output = [17, 14] }
        { type = residual, layers = [
          { type = average-pool, window = 3, stride = 2, padding = 1, ceil-mode = true }
        ], shortcut = [
          { type = average-pool, window = [3, 2], stride = 2, padding = 1 }
        ] }
        { type = adaptive-average-pool, output = 16 }
        { type = residual, layers = [
          { type = average-pool, window = 3, stride = 2, padding = [1, 0, 1, 1], ceil-mode = true }
        ], shortcut = [
          { type = max-pool, window = 3, stride = 2, padding = [2, 0, 0, 0], ceil-mode = true }
        ] }
        { type = average-pool, window = [3, 2], stride = 1, padding = same, count-padding = false }
        { type = adaptive-average-pool, output = [12, 16] }
        { type = residual, layers = [
          { type = l2-pool, window = [3, 2], stride = 3, ceil-mode = true }
        ], shortcut = [
          { type = average-pool, window = 3, stride = 3, padding = [0, 1, 1, 0], ceil-mode = true, count-padding = false }
        ] }
        { type = max-pool, window = 3, stride = 2, padding = [0, 1], ceil-mode = true }
        { type = adaptive-max-pool, output = [2, 3] }
        { type = adaptive-average-pool, output = [4, 5] }
        { type = adaptive-average-pool, output = [2, 5] }
        { type = global-max-pool }
        { type = adaptive-max-pool, output = [2, 3] }
        { type = adaptive-average-pool, output = 1 }
        { type = fully-connected, outputs = 4 }
      ]
      """;

  private static final String VECTORS_ONLY =
      """
      input { shape = [7, 1, 1], mean = 0.5, deviation = 0.25 }
      layers = [
        { type = residual, name = sum, layers = [{ type = convolution, feature-maps = 7, field = 1 }] }
        { type = flatten }
      ]
      """;

  private static final String SINGLE_IMAGES =
      """
      input { shape = [3, 9, 8], mean = 0.5, deviation = 0.25 }
      layers = [
        { type = convolution, feature-maps = 12, field = 3 }
        { type = group-norm, groups = 4, epsilon = 0.001, affine = false }
        { type = local-response-norm, size = 4, alpha = 0.5, beta = 0.6, k = 1.5 }
        { type = instance-norm, epsilon = 0.01 }
        { type = layer-norm, affine = false }
        { type = residual, name = block, layers = [
          { type = instance-norm, name = inner.norm, affine = true }
          { type = spatial-dropout, rate = 0.2 }
          { type = layer-scale, name = inner.layer_scale, initial = 0.5 }
          { type = stochastic-depth, rate = 0.2 }
        ] }
        { type = channel-shuffle, groups = 3 }
        { type = channel-slice, to = 9 }
        { type = local-response-norm, size = 3, alpha = 2 }
        { type = group-norm, groups = 3 }
        { type = layer-norm, epsilon = 1e-6 }
        { type = global-average-pool }
        { type = layer-norm }
        { type = group-norm, groups = 3 }
        { type = local-response-norm, size = 2, alpha = 1 }
        { type = local-response-norm, size = 5, alpha = 1, beta = 0.5 }
        { type = spatial-dropout }
        { type = stochastic-depth, rate = 0.5 }
        { type = layer-scale, name = train, initial = 2 }
        { type = channel-shuffle, groups = 3 }
        { type = fully-connected, outputs = 6 }
        { type = layer-norm, affine = false }
        { type = channel-slice, from = 2 }
      ]
      """;

  private SampleNetworks() {}

  /** All samples of at most {@value #MOST_PARAMETERS} parameters, by name. */
  public static Map<String, ModelFile> all() throws IOException {
    Map<String, ModelFile> samples = new TreeMap<>();
    for (Map.Entry<String, Sample> sample : samples().entrySet()) {
      if (sample.getValue().parameters() <= MOST_PARAMETERS) {
        samples.put(sample.getKey(), sample.getValue().model());
      }
    }
    return samples;
  }

  /** A network that gets its random parameters when it is asked for. */
  private record Sample(String networkText, List<String> labels) {
    int parameters() {
      return ModelFile.of(networkText, labels, new float[0]).plan().parameters();
    }

    ModelFile model() {
      return random(networkText, labels);
    }
  }

  private static Map<String, Sample> samples() throws IOException {
    Map<String, Sample> samples = new TreeMap<>();
    samples.put("every-layer", new Sample(EVERY_LAYER, List.of("cat", "dog", "\"ü\\\n", "é")));
    samples.put("one-pixel", new Sample(ONE_PIXEL, List.of()));
    samples.put("windows", new Sample(WINDOWS, List.of()));
    samples.put("single-images", new Sample(SINGLE_IMAGES, List.of()));
    samples.put("vectors-only", new Sample(VECTORS_ONLY, List.of()));
    samples.put("reserved-names", new Sample(reservedNames(), List.of()));
    BundledNetworks.texts().forEach((name, text) -> samples.put(name, new Sample(text, List.of())));
    try (Stream<Path> files = Files.list(GOLDEN_RUNS)) {
      files.forEach(
          file -> {
            String text =
                ConfigFactory.parseFile(file.toFile()).getConfig("network").root().render();
            samples.put(
                "golden-" + file.getFileName().toString().replace(".conf", ""),
                new Sample(text, List.of()));
          });
    }
    return samples;
  }

  /** The attributes of PyTorch's modules and dictionaries, of which no module can have the name. */
  public static List<String> pytorchAttributes() throws IOException {
    try (InputStream in =
        SampleNetworks.class.getResourceAsStream(
            "/dev/featuremap/job/models/pytorch-attributes.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  /** A layer of each name that PyTorch or Python have a use for, at the top and below. */
  private static String reservedNames() throws IOException {
    StringBuilder layers = new StringBuilder();
    for (String name : pytorchAttributes()) {
      layers.append("  { type = batch-norm, name = block.").append(name).append(" }\n");
      if (!name.startsWith("_")) {
        layers.append("  { type = batch-norm, name = ").append(name).append(" }\n");
      }
    }
    for (String keyword : List.of("class", "lambda", "None", "self", "nn", "torch", "x")) {
      layers.append("  { type = batch-norm, name = ").append(keyword).append(" }\n");
    }
    return """
        input { shape = [3, 1, 1], mean = 0.5, deviation = 0.25 }
        layers = [
          { type = residual, name = state_dict.values, layers = [
            { type = fully-connected, name = keys, outputs = 3 }
          ] }
        %s]
        """
        .formatted(layers.toString().replace("name = state_dict }", "name = state_dict.bn }"));
  }

  /** A network whose biases and buffers are random too. */
  public static ModelFile random(String networkText, List<String> labels) {
    ModelFile model = ModelFile.of(networkText, labels, new float[0]);
    NetworkPlan plan = model.plan();
    float[] values = plan.initialState(1, 0);
    Random random = new Random(2);
    for (int k = 0; k < plan.parameters(); k++) {
      float noise = 0.1f * (float) random.nextGaussian();
      values[k] = values[k] == 0 ? noise : values[k] * (1 + noise);
    }
    for (PlannedTensor buffer : plan.bufferTensors()) {
      boolean variance = buffer.name().endsWith("var");
      for (int k = 0; k < buffer.spec().size(); k++) {
        values[plan.parameters() + buffer.at() + k] =
            variance ? 0.5f + random.nextFloat() : (float) random.nextGaussian();
      }
    }
    return ModelFile.of(networkText, labels, values);
  }

  /** Random images, {@code [image, channel, row, column]}. */
  public static byte[] pixels(ModelFile model) {
    byte[] pixels = new byte[IMAGES * model.plan().spec().input().shape().size()];
    new Random(3).nextBytes(pixels);
    return pixels;
  }

  /** The logits of {@link #pixels}, {@code [image, class]}. */
  public static float[] logits(ModelFile model) {
    return logits(model, pixels(model));
  }

  /**
   * The logits of images, {@code [image, class]}.
   *
   * @param pixels {@code [image, channel, row, column]}
   */
  static float[] logits(ModelFile model, byte[] pixels) {
    Shape shape = model.plan().spec().input().shape();
    int images = pixels.length / shape.size();
    ImageChunk chunk = new ImageChunk(shape, new long[images], new int[images], pixels);
    float[] logits = new float[images * model.plan().classes()];
    try (Team team = new Team(2)) {
      new Predictor(model.plan(), KernelLookup.kernels(), model.values(), team)
          .outputsInto(new MemoryShard(List.of(chunk)), logits, new float[logits.length]);
    }
    return logits;
  }

  /** Exports a model into an existing directory in all formats. */
  public static void export(ModelFile model, Path directory) throws IOException {
    Path file = directory.resolve("sample.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      model.write(out);
    }
    new ExportJob(new Configuration(), new PrintWriter(Writer.nullWriter()))
        .run(
            new ExportRequest(
                ModelLocation.at(new org.apache.hadoop.fs.Path(file.toUri())),
                new org.apache.hadoop.fs.Path(directory.toUri()),
                List.of(ExportFormat.values())));
    Files.delete(file);
  }

  /**
   * Exports samples, each into a directory of its name below the given one, with {@code pixels.bin}
   * (bytes), {@code logits.bin} (little-endian floats) and {@code shape.txt}. The large ones are
   * left out unless a second argument says {@code large}.
   */
  public static void main(String[] arguments) throws IOException {
    boolean large = List.of(arguments).contains("large");
    for (Map.Entry<String, Sample> sample : samples().entrySet()) {
      if (!large && sample.getValue().parameters() > MOST_PARAMETERS) {
        continue;
      }
      ModelFile model = sample.getValue().model();
      Path directory = Files.createDirectories(Path.of(arguments[0], sample.getKey()));
      export(model, directory);
      Files.write(directory.resolve("pixels.bin"), pixels(model));
      writeFloats(logits(model), directory.resolve("logits.bin"));
      Shape shape = model.plan().spec().input().shape();
      Files.writeString(
          directory.resolve("shape.txt"),
          "%s %s %s %s\n".formatted(IMAGES, shape.channels(), shape.height(), shape.width()));
    }
  }

  /** Writes little-endian floats. */
  static void writeFloats(float[] values, Path file) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
