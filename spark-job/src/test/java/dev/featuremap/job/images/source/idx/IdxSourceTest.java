package dev.featuremap.job.images.source.idx;

import static dev.featuremap.job.images.source.SourceInputs.gzip;
import static dev.featuremap.job.images.source.SourceInputs.parser;

import dev.featuremap.job.config.DataSettings.Format;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.fuzz.MemoryFiles;
import dev.featuremap.job.images.SourceContract;
import dev.featuremap.job.images.source.SourceInputs;
import dev.featuremap.job.testing.MnistFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** IDX files as a source among others. */
class IdxSourceTest extends SourceContract {
  private static final int IMAGES = 5;
  private static final int SIDE = 6;

  @Override
  protected Format format() {
    return Format.IDX;
  }

  @Override
  protected void write(java.nio.file.Path target, int train, int test) throws IOException {
    MnistFiles.firstDigits(target, train, test, "");
  }

  @Override
  protected List<String> oneSet() {
    return List.of();
  }

  @Override
  public List<InputParser> parsers() throws IOException {
    byte[] images = idx(0x803, new int[] {IMAGES, SIDE, SIDE}, IMAGES * SIDE * SIDE);
    byte[] colours = idx(0x804, new int[] {IMAGES, 3, 4, 3}, IMAGES * 36);
    byte[] labels = idx(0x801, new int[] {IMAGES}, IMAGES);
    MemoryFiles.write("labels", labels);
    MemoryFiles.write("images", images);
    return List.of(
        parser("idx-images", List.of(images, colours), bytes -> read("", bytes, labels)),
        parser("idx-labels", List.of(labels), bytes -> read("", images, bytes)),
        parser("idx-gz", List.of(gzip(images), gzip(colours)), bytes -> read(".gz", bytes, labels)),
        // Compressed only here, so that damage reaches the reader and not the checksum alone.
        parser("idx-in-gz", List.of(images, colours), bytes -> read(".gz", gzip(bytes), labels)));
  }

  private static void read(String suffix, byte[] images, byte[] labels) throws IOException {
    Path imagePath = MemoryFiles.write("images" + suffix, images);
    Path labelPath = MemoryFiles.write("labels", labels);
    IdxDataset dataset = IdxDataset.open(SourceInputs.MEMORY, imagePath, labelPath);
    IdxRecords records = dataset.records();
    if (records.isSequential()) {
      try (IdxRecords.Sequence sequence = records.sequence(SourceInputs.MEMORY)) {
        SourceInputs.drain(sequence);
      }
    } else {
      for (long start : records.starts()) {
        SourceInputs.drain(records.range(SourceInputs.MEMORY, start));
      }
    }
  }

  private static byte[] idx(int magic, int[] sizes, int values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values).putInt(magic);
    for (int size : sizes) {
      file.putInt(size);
    }
    for (int value = 0; value < values; value++) {
      file.put((byte) value);
    }
    return file.array();
  }
}
