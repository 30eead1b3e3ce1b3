package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final Shape SHAPE = new Shape(1, 1, 1);

  @Test
  void findsAnImageByItsPosition() {
    ImageChunk full = chunk(0, Shard.CHUNK_IMAGES);
    ImageChunk last = chunk(Shard.CHUNK_IMAGES, 3);
    Shard shard = new Shard(List.of(full, last));

    assertThat(shard.size()).isEqualTo(Shard.CHUNK_IMAGES + 3);
    assertThat(shard.chunkOf(Shard.CHUNK_IMAGES - 1)).isSameAs(full);
    assertThat(shard.chunkOf(Shard.CHUNK_IMAGES + 2)).isSameAs(last);
    assertThat(Shard.indexInChunk(Shard.CHUNK_IMAGES + 2)).isEqualTo(2);
  }

  @Test
  void mayBeEmpty() {
    assertThat(new Shard(List.of()).size()).isZero();
  }

  @Test
  void refusesAShortChunkBeforeTheLast() {
    assertThatThrownBy(() -> new Shard(List.of(chunk(0, 3), chunk(3, 3))))
        .hasMessage(
            "Cannot address a shard: every chunk but the last must hold %d images.",
            Shard.CHUNK_IMAGES);
  }

  @Test
  void refusesAChunkThatIsTooLong() {
    assertThatThrownBy(() -> new Shard(List.of(chunk(0, Shard.CHUNK_IMAGES + 1))))
        .hasMessage("Cannot address a shard: a chunk holds at most 4096 images, got 4097.");
  }

  @Test
  void hasTheSameDigestForTheSameImages() {
    assertThat(digest(5, 1, 9)).isEqualTo(digest(5, 1, 9)).matches("[0-9a-f]{64}");
  }

  @Test
  void hasAnotherDigestForAnotherRecordLabelOrPixel() {
    assertThat(List.of(digest(5, 1, 9), digest(6, 1, 9), digest(5, 2, 9), digest(5, 1, 8)))
        .doesNotHaveDuplicates();
  }

  private static String digest(long record, int label, int pixel) {
    byte[] pixels = {(byte) pixel};
    return new Shard(List.of(new ImageChunk(SHAPE, new long[] {record}, new int[] {label}, pixels)))
        .sha256();
  }

  private static ImageChunk chunk(long firstRecord, int images) {
    long[] records = LongStream.range(firstRecord, firstRecord + images).toArray();
    return new ImageChunk(SHAPE, records, new int[images], new byte[images]);
  }
}
