package dev.featuremap.job.images.shard;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.Shard;
import dev.featuremap.job.images.decode.ImageReading;
import java.io.Closeable;
import java.io.IOException;

/**
 * A shard of encoded images on a local disk, decoded whenever they are visited; all are sound.
 *
 * @param file holds them at the positions from 0
 * @param threads which decode in each pass
 * @param load what is known of the shard
 */
record EncodedShard(RecordFile file, ImageReading reading, int threads, ShardLoad load)
    implements Shard, Closeable {

  @Override
  public int size() {
    return load.images();
  }

  @Override
  public String sha256() {
    return load.sha256();
  }

  @Override
  public ImagePass pass(EpochOrder order, int from, int to) {
    return new DecodeAhead(this::soundImage, order, from, to, reading.shape().size(), threads);
  }

  private DecodedImage soundImage(int position) {
    DecodedImage image = DecodedImage.of(file.read(position), reading);
    image
        .bad()
        .ifPresent(
            bad -> {
              throw new IllegalStateException("A record has changed on the local disk: " + bad);
            });
    return image;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
