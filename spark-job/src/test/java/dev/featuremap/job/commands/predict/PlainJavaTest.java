package dev.featuremap.job.commands.predict;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.twelvemonkeys.image.ImageUtil;
import com.twelvemonkeys.imageio.ImageReaderBase;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.io.FileUtil;
import com.twelvemonkeys.lang.StringUtil;
import com.typesafe.config.Config;
import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.models.lookup.ModelLocation;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.MnistFiles;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import dev.featuremap.serving.Classifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The Java lines of MODELS.md, in a program without Spark and Hadoop. */
class PlainJavaTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  private static final Path JPEGS = Path.of("../model/src/test/resources/dev/featuremap/image");

  /** Of all of its dependencies, what the model's jar brings: nothing of Spark and Hadoop. */
  private static final List<Class<?>> CLASS_PATH =
      List.of(
          Classifier.class,
          Config.class,
          JPEGImageReaderSpi.class,
          ImageReaderBase.class,
          Directory.class,
          FileUtil.class,
          StringUtil.class,
          ImageUtil.class);

  private static final String RESIZE = "{ shorter = 30, crop = 28 }";

  @TempDir private static Path directory;
  private static Path images;
  private static SmallRun run;

  @BeforeAll
  static void trainOnResizedImages() throws IOException {
    Path digits = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run = SmallRun.of(digits, directory.resolve("runs")).with("data.resize", RESIZE);
    run.train();
    images = Files.createDirectory(directory.resolve("images"));
    for (DigitFiles.Digit digit :
        DigitFiles.digits(MnistFiles.TEST_IMAGES, MnistFiles.TEST_LABELS, 20)) {
      Files.write(images.resolve("digit-%s.png".formatted(digit.id())), digit.image());
    }
    for (String name : List.of("rgb.jpg", "grey.jpg", "cmyk.jpg", "progressive.jpg")) {
      Files.copy(JPEGS.resolve(name), images.resolve(name));
    }
  }

  @Test
  void givesTheProbabilitiesOfPredictToTheLastBit() throws Exception {
    String lines =
        documented().replace("published/photos", run.directory().root().toUri().getPath());
    String program =
        """
        import dev.featuremap.serving.Classification;
        import dev.featuremap.serving.Classifier;
        import java.nio.file.Files;
        import java.nio.file.Path;
        import java.util.List;

        class Plain {
          public static void main(String[] files) throws Exception {
        %s
            for (String file : files) {
              StringBuilder bits = new StringBuilder(Path.of(file).getFileName() + " ");
              for (float probability : classifier.probabilities(Files.readAllBytes(Path.of(file)))) {
                bits.append(Integer.toHexString(Float.floatToIntBits(probability))).append(' ');
              }
              System.out.println(bits.toString().strip());
            }
          }
        }
        """
            .formatted(lines.replace("photo.jpg", images.resolve("rgb.jpg").toString()));

    List<String> said = run(program);

    Map<String, String> expected = predicted();
    assertThat(said.get(0)).matches("[0-9] (0\\.[0-9]+(E-[0-9]+)?|1\\.0)");
    assertThat(said.subList(1, said.size()))
        .hasSize(24)
        .containsExactlyInAnyOrderElementsOf(
            expected.entrySet().stream().map(e -> e.getKey() + e.getValue()).toList());
  }

  /** The three lines of the page. */
  private static String documented() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("MODELS.md")).stream()
            .dropWhile(line -> !line.equals("```java"))
            .skip(1)
            .takeWhile(line -> !line.equals("```"))
            .toList();
    assertThat(lines).hasSize(3);
    return String.join("\n", lines);
  }

  private static List<String> run(String program) throws Exception {
    Path source = Files.writeString(directory.resolve("Plain.java"), program);
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classPath(),
                    source.toString()),
                files().map(Path::toString))
            .toList();
    Path said = directory.resolve("said");
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(said.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return Files.readAllLines(said, UTF_8);
  }

  private static Stream<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(images)) {
      return found.sorted().toList().stream();
    }
  }

  private static String classPath() throws URISyntaxException {
    StringBuilder path = new StringBuilder();
    for (Class<?> type : CLASS_PATH) {
      path.append(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
      path.append(System.getProperty("path.separator"));
    }
    return path.toString();
  }

  /** By the name of the file, the bits of the probabilities. */
  private static Map<String, String> predicted() throws IOException {
    Path target = directory.resolve("predictions");
    StringWriter said = new StringWriter();
    new PredictJob(new Configuration(), new PrintWriter(said))
        .run(
            new PredictRequest(
                ModelLocation.ofRun(run.directory().root()),
                JobConfigLoader.of(new Configuration())
                    .load(ConfigRequest.defaults().withAssignments("data.path=" + images))
                    .data(),
                List.of(),
                Optional.empty(),
                0,
                new org.apache.hadoop.fs.Path("file:" + target),
                100));
    assertThat(said.toString())
        .contains(
            "images are resized as in training: data.resize = " + RESIZE + System.lineSeparator());
    Map<String, String> bits = new TreeMap<>();
    for (Group row : PredictionRows.in(target)) {
      StringBuilder words = new StringBuilder();
      for (float probability : PredictionRows.floats(row, "probabilities")) {
        words.append(' ').append(Integer.toHexString(Float.floatToIntBits(probability)));
      }
      bits.put(Path.of(row.getString("path", 0)).getFileName().toString(), words.toString());
    }
    return bits;
  }
}
