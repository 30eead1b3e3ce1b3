package dev.featuremap.job.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** The real digits, parts of them, and small IDX files of any content. */
public final class MnistFiles {
  /** The four names, without {@code .gz}: training images and labels, test images and labels. */
  public static final String TRAIN_IMAGES = "train-images-idx3-ubyte";

  public static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  public static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  public static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  /** Type and dimensions of a file of images and of one of labels. */
  public static final int IMAGES_MAGIC = 0x0803;

  public static final int LABELS_MAGIC = 0x0801;

  private static final String PROPERTY = "featuremap.mnist";

  private MnistFiles() {}

  /**
   * The directory of the real digits: system property {@code featuremap.mnist}, else {@code
   * data/mnist} at the top of the repository. Where that default is absent the calling test is
   * skipped; a property that points nowhere fails it.
   */
  public static Path directory() {
    String given = System.getProperty(PROPERTY);
    Path directory = given == null ? Path.of("..", "data", "mnist") : Path.of(given);
    boolean present = Files.exists(directory.resolve(TRAIN_IMAGES));
    assumeTrue(
        present || given != null,
        "The digits are not in data/mnist and -D" + PROPERTY + " is unset.");
    if (!present) {
      throw new IllegalStateException(
          "Cannot find the digits: no %s in %s.".formatted(TRAIN_IMAGES, directory));
    }
    return directory.toAbsolutePath().normalize();
  }

  /**
   * Writes an IDX file, compressed when its name ends in {@code .gz}.
   *
   * @param sizes one for each dimension
   * @param content what follows the head, of whatever length
   */
  public static Path write(Path file, int magic, int[] sizes, byte[] content) {
    try (OutputStream stream = Files.newOutputStream(file);
        DataOutputStream out =
            new DataOutputStream(
                file.toString().endsWith(".gz") ? new GZIPOutputStream(stream) : stream)) {
      out.writeInt(magic);
      for (int size : sizes) {
        out.writeInt(size);
      }
      out.write(content);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the first digits of the real set as a set of their own.
   *
   * @param extension added to each of the four names: nothing or {@code .gz}
   * @return {@code target}
   */
  public static Path firstDigits(Path target, int train, int test, String extension) {
    copyHead(TRAIN_IMAGES, target, new int[] {train, 28, 28}, IMAGES_MAGIC, extension);
    copyHead(TRAIN_LABELS, target, new int[] {train}, LABELS_MAGIC, extension);
    copyHead(TEST_IMAGES, target, new int[] {test, 28, 28}, IMAGES_MAGIC, extension);
    copyHead(TEST_LABELS, target, new int[] {test}, LABELS_MAGIC, extension);
    return target;
  }

  private static void copyHead(String name, Path target, int[] sizes, int magic, String extension) {
    byte[] content = new byte[Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
    try (DataInputStream in =
        new DataInputStream(Files.newInputStream(directory().resolve(name)))) {
      in.skipNBytes((1 + sizes.length) * (long) Integer.BYTES);
      in.readFully(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(target.resolve(name + extension), magic, sizes, content);
  }
}
