package dev.featuremap.job.images.shard;

import dev.featuremap.image.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import java.util.Optional;

/**
 * What decoding made of a record, whose content is no longer held.
 *
 * @param id its record id
 * @param label its class
 * @param pixels {@code [channel, row, column]} of the network's input; empty if the record is bad
 * @param bad the record, if it is no image
 */
record DecodedImage(long id, int label, byte[] pixels, Optional<BadRecord> bad) {

  static DecodedImage of(ShardRecord record, ImageReading reading) {
    try {
      byte[] pixels = reading.pixels(record.id(), record.place(), record.content());
      return new DecodedImage(record.id(), record.label(), pixels, Optional.empty());
    } catch (BadImageException e) {
      BadRecord bad = new BadRecord(record.id(), record.place(), e.getMessage());
      return new DecodedImage(record.id(), record.label(), new byte[0], Optional.of(bad));
    }
  }
}
