import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.Resize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Run by check-pixels: resizes photographs and compares them with what a library has made. */
public final class CheckPixels {
  private static final long MOST_PIXELS = 1 << 28;

  private CheckPixels() {}

  /** Argument: the directory that check_pixels.py has filled. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    ImageDecoder decoder = new ImageDecoder(MOST_PIXELS);
    Map<String, int[]> table = new TreeMap<>();
    for (String line : Files.readAllLines(directory.resolve("list.txt"))) {
      String[] parts = line.split("\\|", -1);
      Pixels image = decoder.decode(Files.readAllBytes(directory.resolve(parts[2])));
      Pixels expected = decoder.decode(Files.readAllBytes(directory.resolve(parts[3])));
      Resize resize = Resize.named(parts[1]).orElseThrow();
      byte[] found = new ImageFit(expected.shape(), resize).apply(image).values();
      int most = 0;
      for (int k = 0; k < found.length; k++) {
        most = Math.max(most, Math.abs((found[k] & 0xff) - (expected.values()[k] & 0xff)));
      }
      String way = String.format(Locale.ROOT, "%-11s %s", parts[0], parts[1]);
      int[] row = table.computeIfAbsent(way, key -> new int[3]);
      row[0]++;
      row[1] += most == 0 ? 1 : 0;
      row[2] = Math.max(row[2], most);
    }
    boolean within = true;
    System.out.printf("%-72s %7s %7s %10s%n", "library     data.resize", "images", "equal", "most levels");
    for (Map.Entry<String, int[]> row : table.entrySet()) {
      int[] counts = row.getValue();
      System.out.printf(
          Locale.ROOT, "%-72s %7d %7d %10d%n", row.getKey(), counts[0], counts[1], counts[2]);
      within &= counts[2] <= 1;
    }
    System.exit(within ? 0 : 1);
  }
}
