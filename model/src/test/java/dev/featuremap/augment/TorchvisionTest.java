package dev.featuremap.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Normalization;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes beside torchvision's, whose pixels are in {@code torchvision.txt}. */
class TorchvisionTest {
  private static final Path FILE =
      Path.of("src/test/resources/dev/featuremap/augment/torchvision.txt");
  private static final int HEIGHT = 9;
  private static final int WIDTH = 11;
  private static final Set<String> MOVES =
      Set.of("shear-x", "shear-y", "translate-x", "translate-y", "rotate");

  /** One line: what was done to an image of so many channels, and what came of it. */
  record Line(String what, int channels, List<String> numbers, int[] levels) {
    static Line of(String line) {
      String[] words = line.split(" ", -1);

      int channels = Integer.parseInt(words[1]);
      List<String> numbers = Arrays.asList(words).subList(2, words.length - 1);
      byte[] bytes = Base64.getDecoder().decode(words[words.length - 1]);
      int[] levels = new int[bytes.length];
      for (int k = 0; k < bytes.length; k++) {
        levels[k] = bytes[k] & 0xFF;
      }
      return new Line(words[0], channels, numbers, levels);
    }

    double number(int index) {
      return Double.parseDouble(numbers.get(index));
    }

    Shape shape() {
      return new Shape(channels, HEIGHT, WIDTH);
    }

    @Override
    public String toString() {
      return what + " " + channels + " " + numbers;
    }
  }

  private static List<Line> lines() throws IOException {
    return Files.readAllLines(FILE).stream()
        .filter(line -> !line.startsWith("#"))
        .map(Line::of)
        .toList();
  }

  static Stream<Line> policies() throws IOException {
    return lines().stream().filter(line -> line.what.endsWith("-augment"));
  }

  static Stream<Line> others() throws IOException {
    return lines().stream()
        .filter(line -> !line.what.endsWith("-augment") && !line.what.equals("image"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void operationsGiveTorchvisionsPixels(Line line) throws IOException {
    Policy.Kind kind = kind(line);
    Operation operation = operation(line.numbers.get(0));
    int bin = (int) line.number(1);
    LevelImage image = new LevelImage(line.shape());
    int[] original = lines().get(0).levels;
    System.arraycopy(original, 0, image.levels(), 0, line.levels.length);

    double magnitude = operation.magnitude(kind, bin, HEIGHT, WIDTH);
    operation.apply(image, line.number(2) * magnitude);

    int most = MOVES.contains(line.numbers.get(0)) ? 0 : 1;
    for (int k = 0; k < line.levels.length; k++) {
      assertThat(Math.abs(image.levels()[k] - line.levels[k]))
          .as("value %s", k)
          .isLessThanOrEqualTo(most);
    }
  }

  @Test
  void comparesEveryOperationOfBothPolicies() throws IOException {
    Set<String> compared = new TreeSet<>();
    policies().forEach(line -> compared.add(kind(line) + " " + line.numbers.get(0)));
    Set<String> expected = new TreeSet<>();
    for (Policy.Kind kind : Policy.Kind.values()) {
      for (int k = 1; k < Operation.count(); k++) {
        expected.add(kind + " " + Options.word(Operation.of(k)));
      }
    }
    assertThat(compared).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherChangesGiveTorchvisionsPixels(Line line) throws IOException {
    int[] original = lines().get(0).levels;
    float[] pixels = new float[original.length * Lanes.COUNT];
    float[] result = new float[pixels.length];
    int lane = 5;
    for (int k = 0; k < original.length; k++) {
      pixels[k * Lanes.COUNT + lane] = original[k] / 255f;
    }
    Workspace work = new Workspace(line.shape(), 0);
    switch (line.what) {
      case "crop" -> {
        int top = (int) line.number(0);
        int left = (int) line.number(1);
        new ResizedCrop(Crop.NONE, line.shape())
            .resize(
                pixels, result, lane, top, left, (int) line.number(2), (int) line.number(3), work);
        pixels = result;
      }
      case "hue" -> Hue.turn(pixels, HEIGHT * WIDTH, lane, (float) line.number(0));
      case "grey" -> {
        Normalization plain = new Normalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        new Recolouring(Augmentation.NONE, line.shape(), plain).makeGrey(pixels, lane);
      }
      default ->
          new Blurring(Blurring.Rule.NONE, line.shape()).blur(pixels, lane, line.number(0), work);
    }

    for (int k = 0; k < line.levels.length; k++) {
      assertThat(Math.abs(pixels[k * Lanes.COUNT + lane] * 255 - line.levels[k]))
          .as("value %s", k)
          .isLessThanOrEqualTo(1.001f);
    }
  }

  private static Policy.Kind kind(Line line) {
    return line.what.startsWith("rand") ? Policy.Kind.RAND_AUGMENT : Policy.Kind.TRIVIAL_AUGMENT;
  }

  private static Operation operation(String name) {
    return Stream.of(Operation.values())
        .filter(operation -> Options.word(operation).equals(name))
        .findFirst()
        .orElseThrow();
  }
}
