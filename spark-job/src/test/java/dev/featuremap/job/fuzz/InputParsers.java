package dev.featuremap.job.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.format.SafetensorsReader;
import dev.featuremap.format.StateDictionary;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Locations;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.SourceInputs;
import dev.featuremap.job.models.registry.RegistryInputs;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.EpochTimes;
import dev.featuremap.job.record.RunId;
import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import dev.featuremap.job.record.RunTimes;
import dev.featuremap.job.testing.Pictures;
import dev.featuremap.job.training.checkpoint.CheckpointInputs;
import dev.featuremap.job.training.rounds.RunStateInputs;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.spec.SpecException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** All parsers of what a job reads from files and is told by users. */
final class InputParsers {
  private static final String NETWORK =
      """
      input { shape = [1, 6, 6], mean = 0.13, deviation = 0.31 }
      layers = [
        { type = convolution, name = conv, feature-maps = 2, field = 3 }
        { type = batch-norm, name = bn }
        { type = relu }
        { type = repeat, times = 2, layers = [
          { type = residual, name = block, layers = [
            { type = convolution, name = conv, feature-maps = 2, field = 3, padding = same }
          ] }
        ] }
        { type = max-pool, window = 2 }
        { type = fully-connected, name = output, outputs = 3 }
      ]
      loss = softmax-cross-entropy
      """;

  private static final String STATUS =
      """
      {"run-id": "nightly", "state": "RUNNING", "epoch": 3, "attempt": 1, "application-id": "local-1",
       "exit-code": null, "reason": null, "started": "2026-11-22T18:15:00Z",
       "updated": "2026-11-22T18:20:00Z"}
      """;

  private static final long MOST_PIXELS = 4096;

  private InputParsers() {}

  /** All of them. */
  static List<InputParser> all() throws Exception {
    List<InputParser> parsers = new ArrayList<>();
    parsers.addAll(SourceInputs.parsers());
    parsers.addAll(images());
    parsers.addAll(models());
    parsers.addAll(CheckpointInputs.parsers());
    parsers.add(RunStateInputs.parser());
    parsers.addAll(RegistryInputs.parsers());
    parsers.addAll(settings());
    parsers.addAll(views());
    return parsers;
  }

  /** One of them. */
  static InputParser named(String name) throws Exception {
    return all().stream()
        .filter(parser -> parser.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("Cannot find a parser named %s.".formatted(name)));
  }

  private static List<InputParser> images() throws IOException {
    ImageDecoder decoder = new ImageDecoder(MOST_PIXELS);
    List<byte[]> jpegs = new ArrayList<>();
    for (String name : List.of("rgb.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg")) {
      jpegs.add(resource(name));
    }
    byte[] png = Pictures.colourPng(5, 7);
    List<byte[]> bmps = new ArrayList<>();
    for (String name :
        List.of(
            "head-56-plain",
            "os2-1-of-4-bits",
            "runs-of-8-bits",
            "bits-16-565",
            "runs-of-4-bits")) {
      bmps.add(resource("pixels/" + name + ".bmp"));
    }
    List<byte[]> gifs =
        List.of(resource("animated.gif"), resource("pixels/smaller-transparent.gif"));
    byte[] grey = Pictures.greyPng(new byte[12], 0, 3, 4);
    List<byte[]> webps = new ArrayList<>();
    for (String name :
        List.of("lossy", "lossy-alpha", "lossless", "lossless-palette", "animated")) {
      webps.add(resource("pixels/" + name + ".webp"));
    }
    List<byte[]> pnms = new ArrayList<>();
    for (String name :
        List.of("plain.pbm", "raw.pbm", "plain.pgm", "plain-colours.pnm", "wide-colours.pnm")) {
      pnms.add(resource("pixels/" + name));
    }
    List<byte[]> tiffs = new ArrayList<>();
    for (String name :
        List.of(
            "lzw-differences", "tiles", "planes", "palette", "group4", "turned-6", "packbits")) {
      tiffs.add(resource("pixels/" + name + ".tif"));
    }
    return List.of(
        image("tiff", tiffs, decoder),
        image("jpeg", jpegs, decoder),
        image("png", List.of(png, grey), decoder),
        image("bmp", bmps, decoder),
        image("gif", gifs, decoder),
        image("webp", webps, decoder),
        image("pnm", pnms, decoder));
  }

  private static InputParser image(String name, List<byte[]> seeds, ImageDecoder decoder) {
    return new InputParser(name, seeds, decoder::decode, List.of(BadImageException.class));
  }

  private static List<InputParser> models() throws IOException {
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(NETWORK));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    float[] values = new float[plan.parameters() + plan.buffers()];
    ModelFile.of(NETWORK, List.of("a", "b", "c"), values).write(file);
    List<byte[]> seeds = List.of(file.toByteArray());
    List<Class<? extends Throwable>> failures = List.of(FormatException.class);
    return List.of(
        new InputParser(
            "safetensors",
            seeds,
            bytes -> SafetensorsReader.read(stream(bytes), bytes.length, "x"),
            failures),
        new InputParser(
            "model", seeds, bytes -> ModelFile.read(stream(bytes), bytes.length, "x"), failures),
        new InputParser(
            "state-dictionary",
            seeds,
            bytes -> StateDictionary.of(plan).read(stream(bytes), bytes.length, "x"),
            failures));
  }

  private static List<InputParser> settings() throws IOException {
    JobConfigLoader loader = JobConfigLoader.of(new Configuration(false));
    byte[] conf = Files.readAllBytes(Path.of("../conf/train.conf"));
    byte[] recipe = Files.readAllBytes(Path.of("../conf/recipes/fashion-mnist.conf"));
    List<Class<? extends Throwable>> failures = List.of(SpecException.class, JobException.class);
    return List.of(
        new InputParser(
            "network",
            List.of(
                NETWORK.getBytes(UTF_8),
                Files.readAllBytes(Path.of("../conf/networks/resnet-8.conf"))),
            bytes -> NetworkPlan.of(NetworkSpec.parse(text(bytes))),
            failures),
        new InputParser(
            "config", List.of(recipe, conf), bytes -> loader.stored(text(bytes), "x"), failures),
        new InputParser(
            "run-id",
            List.of("manual__2026-11-22T00:00:00+00:00".getBytes(UTF_8)),
            bytes -> {
              String name = RunId.of(text(bytes)).directoryName();
              if (name.contains("/") || name.startsWith(".") || name.startsWith("_")) {
                throw new IllegalStateException("It leaves its directory: " + name);
              }
            },
            List.of(IllegalArgumentException.class)),
        new InputParser(
            "location",
            List.of("s3a://bucket/a%20b/c".getBytes(UTF_8), "hdfs://nn:8020/x".getBytes(UTF_8)),
            bytes -> Locations.parse("--data", text(bytes)),
            List.of(JobException.class)),
        new InputParser(
            "size",
            List.of("64x64".getBytes(UTF_8)),
            bytes -> PackRequest.Size.parse(text(bytes)),
            List.of(JobException.class)));
  }

  private static List<InputParser> views() {
    EpochTimes times = new EpochTimes(0.1, 0, 0, 0, 0, 0.5, 0);
    EpochMetrics epoch = new EpochMetrics(1, 4, 0.1, 0.3, 0.5, Double.NaN, 0.7, 0.1, 1234.5, times);
    RunResult result =
        new RunResult(
            RunId.of("nightly"),
            RunStatus.State.FINISHED,
            5,
            0.97,
            0.1,
            12_345.6,
            4_408,
            "ab".repeat(32),
            "vector/16 lanes",
            2,
            0,
            new RunTimes(1, 2, times),
            EpochTimes.UNKNOWN,
            "file:/runs/nightly/checkpoints/5-5-abc/model.safetensors");
    List<Class<? extends Throwable>> failures = List.of(JobException.class);
    return List.of(
        new InputParser(
            "status",
            List.of(STATUS.getBytes(UTF_8)),
            bytes -> RunStatus.fromJson(text(bytes)),
            failures),
        new InputParser(
            "metrics",
            List.of(EpochMetrics.toLines(List.of(epoch, epoch)).getBytes(UTF_8)),
            bytes -> EpochMetrics.fromLines(text(bytes)),
            failures),
        new InputParser(
            "result",
            List.of(result.toJson().getBytes(UTF_8)),
            bytes -> RunResult.fromJson(text(bytes)),
            failures));
  }

  private static byte[] resource(String name) throws IOException {
    return Files.readAllBytes(
        Path.of("../model/src/test/resources/dev/featuremap/image").resolve(name));
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
