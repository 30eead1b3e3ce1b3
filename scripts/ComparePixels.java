import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.Pixels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Run by compare-pixels: decodes images and compares them with a reference's. */
public final class ComparePixels {
  private static final long MOST_PIXELS = 1 << 28;
  private static final int SHOWN = 40;
  private static final List<Outcome> DIFFERENT =
      List.of(Outcome.OFF, Outcome.REFUSED_HERE, Outcome.REFUSED_THERE);

  private enum Outcome {
    EQUAL,
    WITHIN_1,
    OFF,
    REFUSED_HERE,
    REFUSED_THERE,
    REFUSED_BOTH
  }

  private record Comparison(Path image, Outcome outcome, String details) {}

  private ComparePixels() {}

  /** Arguments: the directory of images, and that of the reference. */
  public static void main(String[] args) throws IOException {
    Path images = Path.of(args[0]);
    Path reference = Path.of(args[1]);
    Map<String, int[]> table = new TreeMap<>();
    List<Comparison> different = new ArrayList<>();
    for (Path path : files(images)) {
      byte[] file = Files.readAllBytes(path);
      Comparison comparison =
          compare(images.relativize(path), file, Path.of(reference + "/" + images.relativize(path)));
      int[] row = table.computeIfAbsent(format(file), key -> new int[Outcome.values().length]);
      row[comparison.outcome().ordinal()]++;
      if (DIFFERENT.contains(comparison.outcome())) {
        different.add(comparison);
      }
    }
    print(table);
    different.stream()
        .limit(SHOWN)
        .forEach(one -> System.out.printf("%s: %s%n", one.image(), one.details()));
    if (different.size() > SHOWN) {
      System.out.printf(Locale.ROOT, "and %d more%n", different.size() - SHOWN);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Comparison compare(Path image, byte[] file, Path reference) throws IOException {
    Path refused = Path.of(reference + ".refused");
    Pixels found;
    try {
      found = new ImageDecoder(MOST_PIXELS).decode(file);
    } catch (BadImageException e) {
      return Files.exists(refused)
          ? new Comparison(image, Outcome.REFUSED_BOTH, "")
          : new Comparison(image, Outcome.REFUSED_HERE, "refused here: " + e.getMessage());
    }
    if (Files.exists(refused)) {
      String reason = Files.readString(refused).strip();
      return new Comparison(image, Outcome.REFUSED_THERE, "refused there: " + reason);
    }
    return compare(image, found, Files.readAllBytes(Path.of(reference + ".ppm")));
  }

  /** The reference is a head of three lines of text, then red, green and blue of each pixel. */
  private static Comparison compare(Path image, Pixels found, byte[] ppm) {
    int at = 0;
    for (int lines = 0; lines < 3; at++) {
      lines += ppm[at] == '\n' ? 1 : 0;
    }
    String[] head = new String(ppm, 0, at, StandardCharsets.US_ASCII).split("\\s");
    int width = found.shape().width();
    int height = found.shape().height();
    String size = width + "x" + height;
    if (!size.equals(head[1] + "x" + head[2])) {
      String details = "size %s here, %sx%s there".formatted(size, head[1], head[2]);
      return new Comparison(image, Outcome.OFF, details);
    }
    int plane = width * height;
    int most = 0;
    long values = 0;
    for (int k = 0; k < 3 * plane; k++) {
      int channel = found.shape().channels() == 1 ? 0 : k % 3;
      int here = found.values()[channel * plane + k / 3] & 0xff;
      int difference = Math.abs(here - (ppm[at + k] & 0xff));
      most = Math.max(most, difference);
      values += difference > 1 ? 1 : 0;
    }
    Outcome outcome = most == 0 ? Outcome.EQUAL : most == 1 ? Outcome.WITHIN_1 : Outcome.OFF;
    double share = 100.0 * values / (3 * plane);
    String details =
        String.format(Locale.ROOT, "up to %d levels, %.2f %% of its values", most, share);
    return new Comparison(image, outcome, details);
  }

  private static String format(byte[] file) {
    String head =
        new String(file, 0, Math.min(4, file.length), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG")) {
      return "PNG";
    } else if (head.startsWith("\u00ff\u00d8")) {
      return "JPEG";
    } else if (head.startsWith("GIF8")) {
      return "GIF";
    } else if (head.startsWith("RIFF")) {
      return "WebP";
    } else if (head.matches("II[*+]\0|MM\0[*+]")) {
      return "TIFF";
    } else if (head.matches("P[1-6]\\s(?s:.*)")) {
      return "PNM";
    }
    return head.startsWith("BM") ? "BMP" : "other";
  }

  private static void print(Map<String, int[]> table) {
    String line = "%-8s %7s %7s %9s %7s %13s %14s %13s%n";
    System.out.printf(
        line, "format", "files", "equal", "within 1", "off", "refused here", "refused there", "by both");
    table.forEach(
        (format, row) -> {
          int files = 0;
          for (int count : row) {
            files += count;
          }
          System.out.printf(
              Locale.ROOT,
              "%-8s %7d %7d %9d %7d %13d %14d %13d%n",
              format, files, row[0], row[1], row[2], row[3], row[4], row[5]);
        });
  }
}
