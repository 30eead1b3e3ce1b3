package dev.featuremap.job.images.source.tfrecord;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.featuremap.job.images.source.GzipMembers;
import dev.featuremap.job.images.source.IdFilter;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.job.path.FileSystems;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.zip.CRC32C;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

/**
 * The records of one TFRecord file, one in memory at a time.
 *
 * <p>A record is its length as 64 bits, the masked CRC-32C of those 8 bytes, its bytes, and their
 * masked CRC-32C, all little-endian. Masked means turned right by 15 bits, plus {@code 0xa282ead8}.
 */
public final class TfRecordFile implements Iterator<SourceRecord>, Closeable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
  private static final int MASK = 0xa282ead8;

  /** What an example may hold besides its image. */
  private static final int OTHER_BYTES = 1 << 20;

  private final Path path;
  private final TfFeatures features;
  private final IdFilter wanted;
  private final int maxBytes;
  private final long first;
  private final InputStream in;
  private byte[] head;
  private long index;

  /**
   * Opens a file; the caller closes it.
   *
   * @param first the id of the first record, unless records bring theirs
   */
  TfRecordFile(
      Configuration configuration,
      Path path,
      TfFeatures features,
      long first,
      IdFilter wanted,
      int maxBytes) {
    this.path = path;
    this.features = features;
    this.first = first;
    this.wanted = wanted;
    this.maxBytes = maxBytes;
    InputStream file = null;
    try {
      file = FileSystems.of(path, configuration).open(path);
      this.in =
          path.getName().contains(".gz")
              ? new GzipMembers(file)
              : new BufferedInputStream(file, BUFFER_BYTES);
      advance();
    } catch (IOException e) {
      IOUtils.closeStream(file);
      throw failure(e);
    } catch (RuntimeException | Error e) {
      IOUtils.closeStream(file);
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    return head != null;
  }

  @Override
  public SourceRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException(
          String.format(Locale.ROOT, "All %d records are read.", index));
    }
    try {
      SourceRecord record = record(first + index, ByteBuffer.wrap(head));
      index++;
      advance();
      return record;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private SourceRecord record(long id, ByteBuffer lengths) throws IOException {
    long length = lengths.order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (lengths.getInt() != masked(head, Long.BYTES)) {
      throw damage("has a wrong checksum of its length");
    }
    if (length < 0 || length > (long) maxBytes + OTHER_BYTES) {
      skip(Math.max(0, length));
      skip(Integer.BYTES);
      return new SourceRecord(
          features.id() == null ? id : -1,
          path.toString(),
          null,
          ImageContent.tooLarge(length, maxBytes));
    }
    byte[] content = in.readNBytes((int) length);
    byte[] sum = in.readNBytes(Integer.BYTES);
    if (content.length < length || sum.length < Integer.BYTES) {
      throw new EOFException(String.format(Locale.ROOT, "it ends in record %d", index));
    }
    if (ByteBuffer.wrap(sum).order(ByteOrder.LITTLE_ENDIAN).getInt()
        != masked(content, content.length)) {
      throw damage("has a wrong checksum");
    }
    TfExample example = example(content);
    long own = features.id() == null ? id : example.id(features);
    return new SourceRecord(
        own,
        path.toString(),
        example.label(features),
        wanted.takes(own) ? content(example.image(features)) : null);
  }

  private void skip(long bytes) throws IOException {
    try {
      in.skipNBytes(bytes);
    } catch (EOFException e) {
      throw new EOFException(String.format(Locale.ROOT, "it ends in record %d", index));
    }
  }

  private TfExample example(byte[] content) throws IOException {
    try {
      return TfExample.parse(content, features);
    } catch (InvalidProtocolBufferException e) {
      IOException damage = damage("is no example");
      damage.initCause(e);
      throw damage;
    }
  }

  private ImageContent content(byte[] image) {
    if (image == null) {
      return new ImageContent.Unusable(
          "the example has no bytes in a feature " + String.join(" or ", features.images()));
    }
    return image.length > maxBytes
        ? ImageContent.tooLarge(image.length, maxBytes)
        : new ImageContent.Encoded(image);
  }

  private IOException damage(String what) {
    return new ZipException(String.format(Locale.ROOT, "record %d %s", index, what));
  }

  private static int masked(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
  }

  /** Goes to the head of the next record. */
  private void advance() throws IOException {
    byte[] next = in.readNBytes(HEAD_BYTES);
    if (next.length != 0 && next.length != HEAD_BYTES) {
      throw new EOFException(String.format(Locale.ROOT, "it ends in record %d", index));
    }
    head = next.length == 0 ? null : next;
  }

  /** What a file holds fails by these exceptions; anything else is the store. */
  private RuntimeException failure(IOException e) {
    return e instanceof ZipException || e instanceof EOFException
        ? ReadFailure.damaged(path, "TFRecord", e)
        : ReadFailure.of(path, e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }
}
