package dev.featuremap.job.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The first digits of the real set in the forms that users have, numbered as in the IDX files. */
public final class DigitFiles {
  private static final int BYTES = 28 * 28;

  private final Path root;
  private final int train;
  private final int test;

  /** Digits below {@code root}, which is created. */
  public DigitFiles(Path root, int train, int test) {
    this.root = root;
    this.train = train;
    this.test = test;
  }

  /** One digit as a PNG file. */
  public static final class Digit {
    private final int id;
    private final int label;
    private final byte[] pixels;
    private final byte[] image;

    private Digit(int id, int label, byte[] pixels) {
      this.id = id;
      this.label = label;
      this.pixels = pixels;
      this.image = Pictures.greyPng(pixels, 0, 28, 28);
    }

    /** Its index in the IDX file. */
    public int id() {
      return id;
    }

    /** Its class. */
    public int label() {
      return label;
    }

    /** {@code [row, column]}, unsigned bytes; the array is live. */
    public byte[] pixels() {
      return pixels;
    }

    /** The encoded file; the array is live. */
    public byte[] image() {
      return image;
    }
  }

  /** PNG files {@code train/7/12.png}. */
  public Path folder() {
    each((split, digits) -> digits.forEach(digit -> write(folderOf(split, digit), digit.image())));
    return root;
  }

  /** Tar files of 100 samples: {@code train-3.tar} with {@code 312.png} and {@code 312.cls}. */
  public Path tar() {
    each(
        (split, digits) -> {
          for (int from = 0; from < digits.size(); from += 100) {
            Path file = root.resolve("%s-%s.tar".formatted(split, from / 100));
            writeTar(file, digits.subList(from, Math.min(from + 100, digits.size())));
          }
        });
    return root;
  }

  /** TFRecord files of 100 examples with the features id, image and label. */
  public Path tfrecord() {
    each(
        (split, digits) -> {
          for (int from = 0; from < digits.size(); from += 100) {
            Path file = root.resolve("%s-%s.tfrecord".formatted(split, from / 100));
            writeExamples(file, digits.subList(from, Math.min(from + 100, digits.size())));
          }
        });
    return root;
  }

  private static void writeExamples(Path file, List<Digit> digits) {
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file)) {
        for (Digit digit : digits) {
          Map<String, Object> features =
              Map.of(
                  "id", (long) digit.id(), "image", digit.image(), "label", (long) digit.label());
          ExampleRecords.write(out, ExampleRecords.example(features));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PNG files {@code images/train/12.png}, and lists of them: {@code train.csv} and so on. */
  public Path list() {
    each(
        (split, digits) -> {
          StringBuilder lines = new StringBuilder("id,image,label\n");
          for (Digit digit : digits) {
            String image = "images/%s/%s.png".formatted(split, digit.id());
            write(root.resolve(image), digit.image());
            lines.append("%s,%s,%s%n".formatted(digit.id(), image, digit.label()));
          }
          write(root.resolve(split + ".csv"), lines.toString().getBytes(StandardCharsets.UTF_8));
        });
    return root;
  }

  /** Parquet files with the columns id, image and label, in two files a split. */
  public Path parquet(SparkSession spark) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("image", new StructType().add("bytes", DataTypes.BinaryType).add("path", "string"))
            .add("label", DataTypes.LongType);
    each(
        (split, digits) -> {
          List<Row> rows =
              digits.stream()
                  .map(
                      digit ->
                          RowFactory.create(
                              digit.id(),
                              RowFactory.create(digit.image(), null),
                              (long) digit.label()))
                  .toList();
          Dataset<Row> table = spark.createDataFrame(rows, schema).repartition(2);
          table.write().parquet(root.resolve(split + ".parquet").toString());
        });
    return root;
  }

  private Path folderOf(String split, Digit digit) {
    return root.resolve(split).resolve("" + digit.label()).resolve(digit.id() + ".png");
  }

  private interface Split {
    void write(String name, List<Digit> digits);
  }

  private void each(Split split) {
    split.write("train", digits(MnistFiles.TRAIN_IMAGES, MnistFiles.TRAIN_LABELS, train));
    split.write("test", digits(MnistFiles.TEST_IMAGES, MnistFiles.TEST_LABELS, test));
  }

  /** The first digits of a pair of IDX files. */
  public static List<Digit> digits(String images, String labels, int count) {
    byte[] pixels = content(images, 16, count * BYTES);
    byte[] classes = content(labels, 8, count);
    List<Digit> digits = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      byte[] own = Arrays.copyOfRange(pixels, id * BYTES, (id + 1) * BYTES);
      digits.add(new Digit(id, classes[id], own));
    }
    return digits;
  }

  private static byte[] content(String name, int head, int length) {
    byte[] content = new byte[length];
    Path file = MnistFiles.directory().resolve(name);
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(head);
      in.readFully(content);
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeTar(Path file, List<Digit> digits) {
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file);
          TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
        for (Digit digit : digits) {
          add(tar, digit.id() + ".cls", (digit.label() + "\n").getBytes(StandardCharsets.UTF_8));
          add(tar, digit.id() + ".png", digit.image());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a file to an archive. */
  public static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
