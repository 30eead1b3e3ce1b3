package dev.featuremap.job.images.source.tar;

import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.GzipMembers;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.path.FileSystems;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

/**
 * The samples of one tar file, one in memory at a time: neighbouring files of one name up to its
 * first dot, of which one with the extension of an image is the image. Another one holds the label,
 * {@code .cls} unless a setting says it.
 */
public final class TarSamples implements Iterator<SourceRecord>, Closeable {
  private static final Set<String> IMAGES =
      Set.of(
          "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "webp", "ppm", "pgm", "pbm", "pnm",
          "tif", "tiff");

  /** Gives a sample its record id, from its index in the file and its base name. */
  public interface Numbering {
    long id(long index, String name);
  }

  private final Path path;
  private final Source file;
  private final TarArchiveInputStream tar;
  private final Numbering numbering;
  private final IdFilter wanted;
  private final SampleLabel labels;
  private final int maxBytes;
  private TarArchiveEntry entry;
  private long index;

  /** Opens a file; the caller closes it. Content is read of wanted samples alone. */
  public TarSamples(
      Configuration configuration, Path path, Numbering numbering, IdFilter wanted, int maxBytes) {
    this(configuration, path, numbering, wanted, new SampleLabel("cls", ""), maxBytes);
  }

  TarSamples(
      Configuration configuration,
      Path path,
      Numbering numbering,
      IdFilter wanted,
      SampleLabel labels,
      int maxBytes) {
    this.labels = labels;
    this.path = path;
    this.numbering = numbering;
    this.wanted = wanted;
    this.maxBytes = maxBytes;
    try {
      this.file = new Source(FileSystems.of(path, configuration).open(path));
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
    try {
      this.tar = open(file, path.getName());
      advance();
    } catch (RuntimeException | Error e) {
      IOUtils.closeStream(file);
      throw e;
    }
  }

  private TarArchiveInputStream open(InputStream in, String name) {
    try {
      if (name.endsWith(".zst") || name.endsWith(".tzst")) {
        return new TarArchiveInputStream(new ZstdCompressorInputStream(in));
      }
      return new TarArchiveInputStream(name.endsWith(".tar") ? in : new GzipMembers(in));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The bytes of the file, whose own failures are told from those of what reads them. */
  private static final class Source extends FilterInputStream {
    private IOException failure;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  @Override
  public boolean hasNext() {
    return entry != null;
  }

  @Override
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          String.format(Locale.ROOT, "All %d samples are read.", index));
    }
    String name = sampleOf(entry);
    long id = numbering.id(index++, name);
    String label = labels.ofName(name);
    ImageContent content = null;
    Set<String> others = new TreeSet<>();
    do {
      String extension = extensionOf(entry);
      if (labels.isHeldBy(extension)) {
        label = labels.in(bytes(labels.most()));
      } else if (IMAGES.contains(extension) && wanted.takes(id)) {
        content =
            content == null ? image() : new ImageContent.Unusable("the sample has several images");
      } else if (!IMAGES.contains(extension)) {
        others.add(extension);
      }
      advance();
    } while (entry != null && sampleOf(entry).equals(name));
    return new SourceRecord(
        id, path + "/" + name, label, content == null ? noImage(others) : content);
  }

  private static ImageContent noImage(Set<String> others) {
    return new ImageContent.Unusable(
        others.isEmpty()
            ? "the sample has no image"
            : "the sample has no image that is read (png, jpg, gif, bmp, webp, ppm, tif), but "
                + String.join(", ", others));
  }

  private ImageContent image() {
    return entry.getSize() > maxBytes
        ? ImageContent.tooLarge(entry.getSize(), maxBytes)
        : new ImageContent.Encoded(bytes(maxBytes));
  }

  private byte[] bytes(int most) {
    try {
      int size = (int) Math.min(most, entry.getSize());
      byte[] bytes = tar.readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException("in %s".formatted(entry.getName()));
      }
      return bytes;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Goes to the next file; anything else in the archive is passed over. */
  private void advance() {
    try {
      do {
        entry = tar.getNextEntry();
      } while (entry != null && (!entry.isFile() || DataFolder.isHidden(base())));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private String base() {
    String name = entry.getName();
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The reader of archives has no exception of its own for what is no archive. */
  private RuntimeException failure(IOException e) {
    return file.failure == null
        ? ReadFailure.damaged(path, "tar", e)
        : ReadFailure.of(path, file.failure);
  }

  private static String sampleOf(TarArchiveEntry entry) {
    String name = entry.getName();
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** What follows the first dot, as WebDataset has it: a mask may be {@code seg.png}. */
  private static String extensionOf(TarArchiveEntry entry) {
    String name = entry.getName();
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    try {
      tar.close();
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }
}
