package dev.featuremap.job.testing;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.format.StateDictionary;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.StochasticDepth;
import dev.featuremap.loss.LossTally;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.train.Team;
import dev.featuremap.train.TrainingStep;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs networks with the parameters of another framework, for {@code scripts/check-architectures}.
 *
 * <p>Each line of the standard input is a network of {@code conf/networks}, the height and width of
 * its images, and a directory with {@code weights.safetensors}, {@code pixels.bin} (bytes, {@code
 * [image, channel, row, column]}) and {@code labels.txt} (one number a line). It gets {@code
 * logits.bin} (little-endian floats, {@code [image, class]}), and {@code gradients.safetensors}:
 * those of the sum of the losses of all images in training mode, with no random layer, and the
 * buffers after that step. Without {@code labels.txt} there are no gradients. A line of the
 * standard output tells that all is there.
 */
public final class LogitsAndGradients {
  private final ModelFile model;
  private final byte[] pixels;
  private final int[] labels;

  private LogitsAndGradients(ModelFile model, byte[] pixels, int[] labels) {
    this.model = model;
    this.pixels = pixels;
    this.labels = labels;
  }

  /** Answers lines until there are none. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 3);
      Path directory = Path.of(words[2]);
      LogitsAndGradients run = of(words[0], Integer.parseInt(words[1]), directory);
      SampleNetworks.writeFloats(
          SampleNetworks.logits(run.model, run.pixels), directory.resolve("logits.bin"));
      if (run.labels.length > 0) {
        try (OutputStream out = Files.newOutputStream(directory.resolve("gradients.safetensors"))) {
          run.gradients().write(out);
        }
      }
      System.out.println(words[0]);
    }
  }

  private static LogitsAndGradients of(String network, int side, Path directory)
      throws IOException {
    String text =
        BundledNetworks.text(
            "{ base = %s, input.shape = [3, %s, %s] }".formatted(network, side, side));
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(text));
    Path weights = directory.resolve("weights.safetensors");
    float[] values;
    try (InputStream in = Files.newInputStream(weights)) {
      values = StateDictionary.of(plan).read(in, Files.size(weights), weights.toString()).values();
    }
    Path labelled = directory.resolve("labels.txt");
    List<String> lines = Files.exists(labelled) ? Files.readAllLines(labelled) : List.of();
    int[] labels = lines.stream().mapToInt(Integer::parseInt).toArray();
    byte[] pixels = Files.readAllBytes(directory.resolve("pixels.bin"));
    return new LogitsAndGradients(ModelFile.of(text, List.of(), values), pixels, labels);
  }

  private ModelFile gradients() {
    int size = labels.length;
    NetworkSpec spec = model.plan().spec();
    NetworkPlan plan =
        NetworkPlan.of(
            new NetworkSpec(
                spec.input(),
                spec.layers().stream()
                    .map(part -> part.with(LogitsAndGradients::withoutChance))
                    .toList(),
                spec.loss()));
    JobConfig config =
        JobConfigLoader.of(new Configuration())
            .load(ConfigRequest.defaults().withAssignments("train.batch-size=" + size));
    ImageChunk chunk = new ImageChunk(plan.spec().input().shape(), new long[size], labels, pixels);
    ImagePass pass = new MemoryShard(List.of(chunk)).pass(EpochOrder.sequential(), 0, size);
    float[] gradient;
    try (pass;
        Team team = new Team(2)) {
      gradient =
          new TrainingStep(plan, config.training(), KernelLookup.kernels(), team)
              .gradient(
                  model.values(),
                  (number, scratch) -> {
                    int from = number * Lanes.COUNT;
                    scratch.load(pass, from, Math.min(Lanes.COUNT, size - from));
                    return scratch;
                  },
                  size,
                  0,
                  new LossTally());
    }
    return ModelFile.of(model.networkText(), List.of(), Arrays.copyOf(gradient, gradient.length));
  }

  private static LayerSpec withoutChance(LayerSpec layer) {
    if (layer instanceof Dropout) {
      return new Dropout(0);
    }
    return layer instanceof StochasticDepth ? new StochasticDepth(0) : layer;
  }
}
