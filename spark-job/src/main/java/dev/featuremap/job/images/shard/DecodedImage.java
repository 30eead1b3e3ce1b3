package dev.featuremap.job.images.shard;

import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageReading;
import java.util.Optional;

/** What decoding made of a record, whose encoded bytes are no longer held. */
final class DecodedImage {
  private final long id;
  private final int label;
  private final byte[] pixels;
  private final Optional<BadRecord> bad;

  private DecodedImage(long id, int label, byte[] pixels, Optional<BadRecord> bad) {
    this.id = id;
    this.label = label;
    this.pixels = pixels;
    this.bad = bad;
  }

  static DecodedImage of(ShardRecord record, ImageReading reading) {
    try {
      byte[] pixels = record.pixels(reading);
      return new DecodedImage(record.id(), record.label(), pixels, Optional.empty());
    } catch (BadImageException e) {
      BadRecord bad = new BadRecord(record.id(), record.place(), e.getMessage());
      return new DecodedImage(record.id(), record.label(), new byte[0], Optional.of(bad));
    }
  }

  /** Its record id. */
  long id() {
    return id;
  }

  /** Its class. */
  int label() {
    return label;
  }

  /** {@code [channel, row, column]} of the network's input; empty if the record is bad. */
  byte[] pixels() {
    return pixels;
  }

  /** The record, if it is no image. */
  Optional<BadRecord> bad() {
    return bad;
  }
}
