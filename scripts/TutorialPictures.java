import dev.featuremap.format.ModelFile;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.FeatureMaps;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Run by tutorial-pictures: draws what the layers of the tutorial compute, by the layers. */
public final class TutorialPictures {
  private static final int LANES = 16;
  private static final int SIDE = 28;
  private static final int IDX_HEADER = 16;
  private static final int DIGIT = 15; // a five, of the test images

  private final Path into;
  private final float[] digit; // [row, column], 0 black to 1 white
  private final ModelFile model;

  private TutorialPictures(Path into, float[] digit, ModelFile model) {
    this.into = into;
    this.digit = digit;
    this.model = model;
  }

  /** Arguments: the directory of the digits, the directory of a run, the directory of pictures. */
  public static void main(String[] args) throws IOException {
    byte[] images = Files.readAllBytes(Path.of(args[0], "t10k-images-idx3-ubyte"));
    float[] digit = new float[SIDE * SIDE];
    for (int k = 0; k < digit.length; k++) {
      digit[k] = (images[IDX_HEADER + DIGIT * digit.length + k] & 0xff) / 255f;
    }
    TutorialPictures pictures = new TutorialPictures(Path.of(args[2]), digit, model(args[1]));
    Files.createDirectories(pictures.into);
    pictures.edge();
    pictures.receptiveField();
    pictures.edgesOfADigit();
    pictures.pooling();
    pictures.filters();
    pictures.featureMaps();
  }

  private static ModelFile model(String run) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(run, "checkpoints"))) {
      Path newest =
          files
              .filter(file -> file.endsWith("model.safetensors"))
              .max(Path::compareTo)
              .orElseThrow();
      try (InputStream in = Files.newInputStream(newest)) {
        return ModelFile.read(in, Files.size(newest), newest.toString());
      }
    }
  }

  /** What the first layer makes of an image, {@code [map, row, column]}. */
  private static float[] first(int side, String layer, float[] weights, float[] image) {
    String text =
        """
        input { shape = [1, %1$d, %1$d], mean = 0, deviation = 1 }
        layers = [ { %2$s }, { type = fully-connected, outputs = 2 } ]
        loss = softmax-cross-entropy
        """
            .formatted(side, layer);
    NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(text));
    float[] parameters = Arrays.copyOf(weights, plan.parameters());
    return maps(plan, parameters, image).get(0).image(0);
  }

  private static List<FeatureMaps> maps(NetworkPlan plan, float[] parameters, float[] image) {
    float[] block = new float[image.length * LANES];
    for (int k = 0; k < image.length; k++) {
      block[k * LANES] = image[k];
    }
    return FeatureMaps.of(plan, KernelLookup.kernels(), parameters, block);
  }

  private void edge() throws IOException {
    float[] image = new float[36];
    for (int k = 0; k < image.length; k++) {
      image[k] = k % 6 < 3 ? 10 : 0;
    }
    float[] filter = {1, 0, -1, 1, 0, -1, 1, 0, -1};
    float[] edges =
        first(6, "type = convolution, feature-maps = 1, field = 3, bias = false", filter, image);
    Svg svg = new Svg(620, 236);
    svg.numbers(10, 30, 6, image, 10);
    svg.caption(106, 16, "image 6×6");
    svg.sign(232, 132, "∗");
    svg.numbers(262, 78, 3, filter, 1);
    svg.caption(310, 64, "filter 3×3");
    svg.sign(388, 132, "=");
    svg.numbers(418, 62, 4, edges, 30);
    svg.caption(482, 48, "feature map 4×4");
    svg.write(into.resolve("edge.svg"));
  }

  private void receptiveField() throws IOException {
    float[] edges =
        first(
            SIDE,
            "type = convolution, feature-maps = 1, field = 5, bias = false",
            vertical(5),
            digit);
    Svg svg = new Svg(620, 250);
    int scale = 7;
    svg.picture(10, 30, SIDE, SIDE, scale, grey(digit, 0, 1));
    svg.caption(108, 16, "image 28×28");
    svg.frame(10 + 9 * scale, 30 + 6 * scale, 5 * scale, 5 * scale, "#e4572e");
    svg.frame(10 + 10 * scale, 30 + 6 * scale, 5 * scale, 5 * scale, "#f3a712");
    svg.picture(400, 44, 24, 24, scale, signed(edges));
    svg.caption(484, 16, "feature map 24×24");
    svg.frame(400 + 9 * scale, 44 + 6 * scale, scale, scale, "#e4572e");
    svg.frame(400 + 10 * scale, 44 + 6 * scale, scale, scale, "#f3a712");
    svg.line(10 + 14 * scale, 30 + 6 * scale, 400 + 9 * scale, 44 + 6 * scale, "#e4572e");
    svg.line(10 + 14 * scale, 30 + 11 * scale, 400 + 9 * scale, 44 + 7 * scale, "#e4572e");
    svg.write(into.resolve("receptive-field.svg"));
  }

  private void edgesOfADigit() throws IOException {
    String layer = "type = convolution, feature-maps = 1, field = 5, bias = false";
    Svg svg = new Svg(620, 206);
    svg.picture(10, 30, SIDE, SIDE, 6, grey(digit, 0, 1));
    svg.caption(94, 16, "image");
    svg.picture(240, 42, 24, 24, 6, signed(first(SIDE, layer, vertical(5), digit)));
    svg.caption(312, 16, "vertical edges");
    svg.picture(450, 42, 24, 24, 6, signed(first(SIDE, layer, horizontal(5), digit)));
    svg.caption(522, 16, "horizontal edges");
    svg.write(into.resolve("edges-of-a-digit.svg"));
  }

  private void pooling() throws IOException {
    String layer = "type = convolution, feature-maps = 1, field = 5, bias = false";
    float[] edges = first(SIDE, layer, vertical(5), digit);
    float[] rectified = edges.clone();
    for (int k = 0; k < edges.length; k++) {
      rectified[k] = Math.max(0, edges[k]);
    }
    Svg svg = new Svg(620, 206);
    svg.picture(10, 30, 24, 24, 7, stretched(rectified));
    svg.caption(94, 16, "feature map 24×24");
    svg.picture(
        240,
        54,
        12,
        12,
        10,
        stretched(first(24, "type = max-pool, window = 2", new float[0], rectified)));
    svg.caption(300, 16, "max-pooling 12×12");
    svg.picture(
        450,
        54,
        12,
        12,
        10,
        stretched(first(24, "type = l2-pool, window = 2", new float[0], rectified)));
    svg.caption(510, 16, "L2 pooling 12×12");
    svg.write(into.resolve("pooling.svg"));
  }

  /** The weights that training found for the first layer. */
  private void filters() throws IOException {
    Svg svg = new Svg(620, 140);
    int field = 5;
    for (int map = 0; map < 20; map++) {
      float[] weights =
          Arrays.copyOfRange(model.values(), map * field * field, (map + 1) * field * field);
      svg.picture(10 + map % 10 * 61, 10 + map / 10 * 65, field, field, 10, signed(weights));
    }
    svg.write(into.resolve("filters.svg"));
  }

  /** What the trained network makes of the digit, step by step. */
  private void featureMaps() throws IOException {
    float[] image = new float[digit.length];
    for (int k = 0; k < image.length; k++) {
      image[k] = (digit[k] - 0.1307f) / 0.3081f;
    }
    Svg svg = new Svg(620, 444);
    int y = 24;
    for (FeatureMaps maps : maps(model.plan(), model.values(), image)) {
      if (maps.shape().height() < 2) {
        continue;
      }
      int side = maps.shape().height();
      int scale = 52 / side;
      svg.label(
          10, y - 8, "%s: %d×%d×%d".formatted(maps.name(), maps.shape().channels(), side, side));
      for (int map = 0; map < maps.shape().channels(); map++) {
        float[] values =
            Arrays.copyOfRange(maps.image(0), map * side * side, (map + 1) * side * side);
        svg.picture(10 + map % 10 * 61, y + map / 10 * 58, side, side, scale, stretched(values));
      }
      y += 150;
    }
    svg.write(into.resolve("feature-maps.svg"));
  }

  /** Left columns count, right columns count against them. */
  private static float[] vertical(int field) {
    float[] weights = new float[field * field];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Integer.signum(field / 2 - k % field);
    }
    return weights;
  }

  private static float[] horizontal(int field) {
    float[] weights = new float[field * field];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = Integer.signum(field / 2 - k / field);
    }
    return weights;
  }

  /** Grey is zero. */
  private static int[] signed(float[] values) {
    float largest = 1e-6f;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return grey(values, -largest, largest);
  }

  /** From the least value, black, to the largest, white. */
  private static int[] stretched(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    return grey(values, least, Math.max(largest, least + 1e-6f));
  }

  private static int[] grey(float[] values, float black, float white) {
    int[] grey = new int[values.length];
    for (int k = 0; k < grey.length; k++) {
      grey[k] = Math.round(255 * (values[k] - black) / (white - black));
    }
    return grey;
  }

  /** A picture of pixels, numbers and words. */
  private static final class Svg {
    private static final int CELL = 32;

    private final List<String> parts = new ArrayList<>();

    Svg(int width, int height) {
      parts.add(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" font-family=\"sans-serif\" font-size=\"13\">"
              .formatted(width, height, width));
      parts.add("<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#fff\"/>");
    }

    /** Cells with their numbers, the darker the further below {@code white}. */
    void numbers(int x, int y, int side, float[] values, float white) {
      for (int k = 0; k < values.length; k++) {
        int left = x + k % side * CELL;
        int top = y + k / side * CELL;
        int grey = Math.round(180 + 75 * values[k] / white);
        parts.add(
            "<rect x=\"%1$d\" y=\"%2$d\" width=\"%3$d\" height=\"%3$d\" fill=\"rgb(%4$d,%4$d,%4$d)\" stroke=\"#888\"/>"
                .formatted(left, top, CELL, grey));
        parts.add(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%.0f</text>"
                .formatted(left + CELL / 2, top + CELL / 2 + 5, values[k] + 0f));
      }
    }

    void picture(int x, int y, int width, int height, int scale, int[] grey) throws IOException {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setPixels(0, 0, width, height, grey);
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      parts.add(
          "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,%s\"/>"
              .formatted(
                  x,
                  y,
                  width * scale,
                  height * scale,
                  Base64.getEncoder().encodeToString(png.toByteArray())));
    }

    void frame(int x, int y, int width, int height, String colour) {
      parts.add(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
              .formatted(x, y, width, height, colour));
    }

    void line(int x, int y, int toX, int toY, String colour) {
      parts.add("<path d=\"M%d %dL%d %d\" stroke=\"%s\"/>".formatted(x, y, toX, toY, colour));
    }

    void caption(int x, int y, String text) {
      parts.add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>".formatted(x, y, text));
    }

    void label(int x, int y, String text) {
      parts.add("<text x=\"%d\" y=\"%d\">%s</text>".formatted(x, y, text));
    }

    void sign(int x, int y, String text) {
      parts.add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"24\">%s</text>"
              .formatted(x, y, text));
    }

    void write(Path file) throws IOException {
      parts.add("</svg>");
      Files.writeString(file, String.join("\n", parts) + "\n");
    }
  }
}
