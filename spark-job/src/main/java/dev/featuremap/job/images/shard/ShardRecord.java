package dev.featuremap.job.images.shard;

import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.source.Content;
import dev.featuremap.job.images.source.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import java.io.Serializable;

/** One labelled record of a shard, encoded as its source has it, or plain pixels that fit. */
final class ShardRecord implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final int label;
  private final String place;
  private final boolean encoded;
  private final byte[] bytes;

  /**
   * Takes the array as it is.
   *
   * @param label its class
   * @param place where a person finds it
   * @param encoded true for a file of some image format, false for pixels of the network's input
   */
  ShardRecord(long id, int label, String place, boolean encoded, byte[] bytes) {
    this.id = id;
    this.label = label;
    this.place = place;
    this.encoded = encoded;
    this.bytes = bytes;
  }

  /**
   * What a source has.
   *
   * @throws BadImageException if it is plainly no labelled image
   */
  static ShardRecord of(SourceRecord record, ImageReading reading) throws BadImageException {
    int label = reading.classOf(record);
    boolean encoded = record.content() instanceof Content.Encoded;
    byte[] bytes =
        record.content() instanceof Content.Encoded file
            ? file.bytes()
            : reading.pixels(record.id(), record.place(), record.content());
    return new ShardRecord(record.id(), label, record.place(), encoded, bytes);
  }

  long id() {
    return id;
  }

  int label() {
    return label;
  }

  String place() {
    return place;
  }

  boolean isEncoded() {
    return encoded;
  }

  /** The file, or the pixels; live. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * The pixels as the network takes them.
   *
   * @throws BadImageException if the file is no image
   */
  byte[] pixels(ImageReading reading) throws BadImageException {
    return encoded ? reading.pixels(id, place, new Content.Encoded(bytes)) : bytes;
  }
}
