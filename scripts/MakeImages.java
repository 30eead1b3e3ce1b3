import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Run by make-images: draws digits and garments on backgrounds. */
public final class MakeImages {
  private static final int SIDE = 28;
  private static final int IDX_HEADER = 16;
  private static final int IDX_LABELS_HEADER = 8;
  private static final List<String> GARMENTS =
      List.of(
          "t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
          "boot");

  private final byte[][] pixels = new byte[2][]; // digits, garments
  private final byte[][] labels = new byte[2][];
  private final int size;
  private final long seed;
  private final String format;

  private MakeImages(Path data, String split, int size, long seed, String format)
      throws IOException {
    this.size = size;
    this.seed = seed;
    this.format = format;
    List<String> sets = List.of("mnist", "fashion-mnist");
    for (int set = 0; set < 2; set++) {
      Path directory = data.resolve(sets.get(set));
      pixels[set] = Files.readAllBytes(directory.resolve(split + "-images-idx3-ubyte"));
      labels[set] = Files.readAllBytes(directory.resolve(split + "-labels-idx1-ubyte"));
    }
  }

  /** Arguments: the data directory, the target directory, and the options of make-images. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length % 2 != 0 || args[1].startsWith("--")) {
      fail("expected a directory and options with values");
    }
    Map<String, String> options = new TreeMap<>();
    for (int k = 2; k < args.length; k += 2) {
      options.put(args[k], args[k + 1]);
    }
    int size = number(options, "--size", null);
    int train = number(options, "--train", null);
    int test = number(options, "--test", null);
    int seed = number(options, "--seed", "1");
    String format = options.getOrDefault("--format", "jpg");
    options.remove("--format");
    if (!List.of("jpg", "png").contains(format)) {
      fail("expected --format jpg or png, got " + format);
    }
    if (!options.isEmpty()) {
      fail("unknown option %s".formatted(options.keySet()));
    }
    Path data = Path.of(args[0]);
    Path target = Path.of(args[1]);
    new MakeImages(data, "train", size, seed, format).write(target.resolve("train"), train);
    new MakeImages(data, "t10k", size, ~(long) seed, format).write(target.resolve("test"), test);
  }

  private static int number(Map<String, String> options, String name, String fallback) {
    String text = options.getOrDefault(name, fallback);
    options.remove(name);
    if (text == null || !text.matches("[0-9]{1,9}")) {
      fail("expected %s with a number, got %s".formatted(name, text));
    }
    return Integer.parseInt(text);
  }

  private static void fail(String problem) {
    System.err.println("Cannot make images: " + problem + ".");
    System.err.println("Usage: make-images DIR --size PIXELS --train COUNT --test COUNT [--seed N] [--format jpg|png]");
    System.exit(64);
  }

  private void write(Path directory, int count) throws IOException {
    for (int label = 0; label < 20; label++) {
      Files.createDirectories(directory.resolve(className(label)));
    }
    IntStream.range(0, count).parallel().forEach(index -> writeImage(directory, index));
  }

  private static String className(int label) {
    return label < 10 ? "digit-" + label : GARMENTS.get(label - 10);
  }

  private void writeImage(Path directory, int index) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + index);
    int set = random.nextInt(2);
    int image = random.nextInt(labels[set].length - IDX_LABELS_HEADER);
    int label = labels[set][IDX_LABELS_HEADER + image] + 10 * set;
    Path file = directory.resolve(className(label)).resolve(index + "." + format);
    try {
      if (!ImageIO.write(draw(set, image, random), format, file.toFile())) {
        throw new IOException("this JDK writes no " + format);
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private BufferedImage draw(int set, int image, SplittableRandom random) {
    BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    drawBackground(graphics, random);
    AffineTransform place = new AffineTransform();
    double scale = size / (double) SIDE * (0.6 + 0.4 * random.nextDouble());
    double room = size - SIDE * scale;
    place.translate(room * random.nextDouble(), room * random.nextDouble());
    place.scale(scale, scale);
    place.rotate((random.nextDouble() - 0.5) * 0.6, SIDE / 2.0, SIDE / 2.0);
    graphics.setComposite(AlphaComposite.SrcOver);
    graphics.drawImage(tinted(set, image, random), place, null);
    graphics.dispose();
    return picture;
  }

  /** A gradient of dark colours with a few shapes. */
  private void drawBackground(Graphics2D graphics, SplittableRandom random) {
    graphics.setPaint(new GradientPaint(0, 0, dark(random), size, size, dark(random)));
    graphics.fillRect(0, 0, size, size);
    for (int shape = 0; shape < 6; shape++) {
      graphics.setColor(dark(random));
      int width = 1 + random.nextInt(size / 2);
      int height = 1 + random.nextInt(size / 2);
      int x = random.nextInt(size);
      int y = random.nextInt(size);
      if (random.nextBoolean()) {
        graphics.fillOval(x, y, width, height);
      } else {
        graphics.drawLine(x, y, x + width, y + height);
      }
    }
  }

  private static Color dark(SplittableRandom random) {
    return new Color(random.nextInt(140), random.nextInt(140), random.nextInt(140));
  }

  /** The image in one bright colour, as opaque as it is bright. */
  private BufferedImage tinted(int set, int image, SplittableRandom random) {
    int red = 120 + random.nextInt(136);
    int green = 120 + random.nextInt(136);
    int blue = 120 + random.nextInt(136);
    BufferedImage tinted = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    for (int k = 0; k < SIDE * SIDE; k++) {
      int value = pixels[set][IDX_HEADER + image * SIDE * SIDE + k] & 0xFF;
      int alpha = Math.min(255, value * 3 / 2);
      int colour = red * value / 255 << 16 | green * value / 255 << 8 | blue * value / 255;
      tinted.setRGB(k % SIDE, k / SIDE, alpha << 24 | colour);
    }
    return tinted;
  }
}
