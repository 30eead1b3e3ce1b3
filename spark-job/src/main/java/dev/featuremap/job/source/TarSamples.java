package dev.featuremap.job.source;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The samples of one tar file, one in memory at a time: neighbouring files of one name up to its
 * first dot, of which {@code .cls} is the label and one with the extension of an image the image.
 */
final class TarSamples implements Iterator<SourceRecord>, Closeable {
  private static final Set<String> IMAGES = Set.of("png", "jpg", "jpeg", "gif", "bmp");
  private static final String LABEL = "cls";
  private static final int LONGEST_LABEL = 1024;

  /** Gives a sample its record id, from its index in the file and its base name. */
  interface Numbering {
    long id(long index, String name);
  }

  private final Path path;
  private final TarArchiveInputStream tar;
  private final Numbering numbering;
  private final IdFilter wanted;
  private final int maxBytes;
  private TarArchiveEntry entry;
  private long index;

  /** Opens a file; the caller closes it. Content is read of wanted samples alone. */
  TarSamples(
      Configuration configuration, Path path, Numbering numbering, IdFilter wanted, int maxBytes) {
    this.path = path;
    this.numbering = numbering;
    this.wanted = wanted;
    this.maxBytes = maxBytes;
    try {
      InputStream file = path.getFileSystem(configuration).open(path);
      boolean plain = path.getName().endsWith(".tar");
      this.tar = new TarArchiveInputStream(plain ? file : new GZIPInputStream(file, 1 << 16));
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
    advance();
  }

  @Override
  public boolean hasNext() {
    return entry != null;
  }

  @Override
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("All %d samples are read.".formatted(index));
    }
    String name = sampleOf(entry);
    long id = numbering.id(index++, name);
    String label = null;
    Content content = new Content.Unusable("the sample has no image");
    do {
      String extension = extensionOf(entry);
      if (extension.equals(LABEL)) {
        label = label();
      } else if (IMAGES.contains(extension) && wanted.takes(id)) {
        content = image();
      }
      advance();
    } while (entry != null && sampleOf(entry).equals(name));
    return new SourceRecord(id, path + "/" + name, label, content);
  }

  private String label() {
    return new String(bytes(LONGEST_LABEL), StandardCharsets.UTF_8).strip();
  }

  private Content image() {
    return entry.getSize() > maxBytes
        ? Content.tooLarge(entry.getSize(), maxBytes)
        : new Content.Encoded(bytes(maxBytes));
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
      throw damaged(e);
    }
  }

  /** Goes to the next file; anything else in the archive is passed over. */
  private void advance() {
    try {
      do {
        entry = tar.getNextEntry();
      } while (entry != null && (!entry.isFile() || DataFolder.isHidden(new Path("/" + base()))));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private String base() {
    String name = entry.getName();
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** The reader of archives has no exception of its own for what is no archive. */
  private RuntimeException damaged(IOException e) {
    return ReadFailure.damaged(path, "tar", e);
  }

  private static String sampleOf(TarArchiveEntry entry) {
    String name = entry.getName();
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String extensionOf(TarArchiveEntry entry) {
    String name = entry.getName();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
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
