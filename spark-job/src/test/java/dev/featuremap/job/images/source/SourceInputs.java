package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.fuzz.MemoryFiles;
import dev.featuremap.job.images.source.idx.IdxDataset;
import dev.featuremap.job.images.source.idx.IdxRangeReader;
import dev.featuremap.job.images.source.idx.IdxRecords;
import dev.featuremap.job.images.source.idx.IdxSequentialReader;
import dev.featuremap.job.images.source.tar.TarSamples;
import dev.featuremap.job.testing.DigitFiles;
import dev.featuremap.job.testing.Pictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The parsers of image files that hold many images. */
public final class SourceInputs {
  private static final Configuration MEMORY = MemoryFiles.configuration();
  private static final int IMAGES = 5;
  private static final int SIDE = 6;
  private static final int MOST_BYTES = 4096;

  private SourceInputs() {}

  /** All of them. */
  public static List<InputParser> parsers() throws IOException {
    byte[] images = idx(0x803, new int[] {IMAGES, SIDE, SIDE}, IMAGES * SIDE * SIDE);
    byte[] colours = idx(0x804, new int[] {IMAGES, 3, 4, 3}, IMAGES * 36);
    byte[] labels = idx(0x801, new int[] {IMAGES}, IMAGES);
    MemoryFiles.write("labels", labels);
    MemoryFiles.write("images", images);
    return List.of(
        parser("idx-images", List.of(images, colours), bytes -> idx("", bytes, labels)),
        parser("idx-labels", List.of(labels), bytes -> idx("", images, bytes)),
        parser("idx-gz", List.of(gzip(images), gzip(colours)), bytes -> idx(".gz", bytes, labels)),
        // Compressed only here, so that damage reaches the reader and not the checksum alone.
        parser("idx-in-gz", List.of(images, colours), bytes -> idx(".gz", gzip(bytes), labels)),
        parser("tar", List.of(tar("a", "b"), tar("x/y/0001")), bytes -> tar(".tar", bytes)),
        parser("tar-gz", List.of(gzip(tar("a"))), bytes -> tar(".tar.gz", bytes)));
  }

  private static InputParser parser(String name, List<byte[]> seeds, InputParser.Parse parse) {
    return new InputParser(name, seeds, parse, List.of(JobException.class));
  }

  private static void idx(String suffix, byte[] images, byte[] labels) throws IOException {
    Path imagePath = MemoryFiles.write("images" + suffix, images);
    Path labelPath = MemoryFiles.write("labels", labels);
    IdxDataset dataset = IdxDataset.open(MEMORY, imagePath, labelPath);
    IdxRecords records = dataset.records();
    if (records.isSequential()) {
      try (IdxSequentialReader reader = new IdxSequentialReader(MEMORY, records)) {
        drain(reader);
      }
    } else {
      for (long start : records.starts()) {
        drain(IdxRangeReader.read(MEMORY, records, records.range(start)));
      }
    }
  }

  private static void tar(String suffix, byte[] bytes) {
    Path path = MemoryFiles.write("samples" + suffix, bytes);
    try (TarSamples samples =
        new TarSamples(MEMORY, path, (index, name) -> index, IdFilter.ALL, MOST_BYTES)) {
      drain(samples);
    }
  }

  private static void drain(Iterator<?> records) {
    while (records.hasNext()) {
      records.next();
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

  private static byte[] tar(String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : names) {
        DigitFiles.add(tar, name + ".cls", "7".getBytes(StandardCharsets.UTF_8));
        DigitFiles.add(tar, name + ".png", Pictures.greyPng(new byte[9], 0, 3, 3));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
