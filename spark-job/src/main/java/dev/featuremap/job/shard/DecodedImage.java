package dev.featuremap.job.shard;

import dev.featuremap.job.image.BadImageException;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.job.source.ImageReading;
import java.util.Optional;

/** What decoding made of a record. */
final class DecodedImage {
  private final ShardRecord record;
  private final byte[] pixels;
  private final Optional<BadRecord> bad;

  private DecodedImage(ShardRecord record, byte[] pixels, Optional<BadRecord> bad) {
    this.record = record;
    this.pixels = pixels;
    this.bad = bad;
  }

  static DecodedImage of(ShardRecord record, ImageReading reading) {
    try {
      return new DecodedImage(record, record.pixels(reading), Optional.empty());
    } catch (BadImageException e) {
      BadRecord bad = new BadRecord(record.id(), record.place(), e.getMessage());
      return new DecodedImage(record, new byte[0], Optional.of(bad));
    }
  }

  /** Its record id. */
  long id() {
    return record.id();
  }

  /** Its class. */
  int label() {
    return record.label();
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
