import dev.featuremap.format.ModelFile;
import dev.featuremap.image.Resize;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.serving.Classifier;
import dev.featuremap.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Run by classify-latency: how long a classifier of random weights takes for an image. */
public final class ClassifierLatency {
  private static final long WARM_UP_NANOS = 30_000_000_000L;
  private static final long NANOS = 10_000_000_000L;
  private static final int MOST = 20_000;

  private ClassifierLatency() {}

  /** Arguments: files of networks. */
  public static void main(String[] networks) throws IOException {
    System.out.printf("%s, JDK %s%n", KernelLookup.kernels().name(), Runtime.version());
    System.out.println("| network | images at once | median | 99th percentile |");
    System.out.println("|---|---|---|---|");
    for (String file : networks) {
      String text = Files.readString(Path.of(file));
      NetworkPlan plan = NetworkPlan.of(NetworkSpec.parse(text));
      ModelFile model = ModelFile.of(text, List.of(), plan.initialState(7, 0));
      Classifier classifier = Classifier.of(model).withResize(Resize.CROP);
      byte[] image = image(classifier.shape());
      for (int count : new int[] {1, 16}) {
        List<byte[]> images = Collections.nCopies(count, image);
        measure(classifier, images, WARM_UP_NANOS);
        long[] times = measure(classifier, images, NANOS);
        System.out.printf(
            Locale.ROOT,
            "| %s, %s | %d | %.3f ms | %.3f ms |%n",
            Path.of(file).getFileName(),
            classifier.shape(),
            count,
            times[times.length / 2] / 1e6,
            times[times.length * 99 / 100] / 1e6);
      }
    }
  }

  /** The times of all calls, sorted. */
  private static long[] measure(Classifier classifier, List<byte[]> images, long nanos) {
    long[] times = new long[MOST];
    int calls = 0;
    long end = System.nanoTime() + nanos;
    for (; calls < MOST && System.nanoTime() < end; calls++) {
      long begin = System.nanoTime();
      if (classifier.classify(images, 1).size() != images.size()) {
        throw new IllegalStateException("An image has no classes.");
      }
      times[calls] = System.nanoTime() - begin;
    }
    long[] sorted = Arrays.copyOf(times, calls);
    Arrays.sort(sorted);
    return sorted;
  }

  /** A JPEG of the network's size, smooth as photographs are. */
  private static byte[] image(Shape shape) throws IOException {
    boolean grey = shape.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            shape.width(),
            shape.height(),
            grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        for (int c = 0; c < image.getRaster().getNumBands(); c++) {
          double wave = StrictMath.sin((x * (c + 1) + y * 2) / 9.0) + StrictMath.cos(x * y / 400.0);
          image.getRaster().setSample(x, y, c, (int) (128 + 60 * wave));
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }
}
