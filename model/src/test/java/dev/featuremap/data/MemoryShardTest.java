package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MemoryShardTest {
  private static final Shape SHAPE = new Shape(1, 1, 1);

  @Test
  void findsAnImageByItsPosition() {
    ImageChunk full = chunk(0, MemoryShard.CHUNK_IMAGES);
    ImageChunk last = chunk(MemoryShard.CHUNK_IMAGES, 3);
    Shard shard = new MemoryShard(List.of(full, last));
    ImageView view = new ImageView();

    ImagePass pass = shard.pass(EpochOrder.sequential(), 0, shard.size());

    pass.find(MemoryShard.CHUNK_IMAGES - 1, view);
    assertThat(view.pixels()).isSameAs(full.pixels());
    assertThat(view.offset()).isEqualTo(MemoryShard.CHUNK_IMAGES - 1);
    pass.find(MemoryShard.CHUNK_IMAGES + 2, view);
    assertThat(view.pixels()).isSameAs(last.pixels());
    assertThat(view.record()).isEqualTo(MemoryShard.CHUNK_IMAGES + 2);
  }

  @Test
  void hasTheDigestOfItsImagesOneByOne() {
    Shard shard =
        new MemoryShard(
            List.of(chunk(0, MemoryShard.CHUNK_IMAGES), chunk(MemoryShard.CHUNK_IMAGES, 3)));
    ShardDigest digest = new ShardDigest();
    ImageView view = new ImageView();
    for (int place = 0; place < shard.size(); place++) {
      shard.pass(EpochOrder.sequential(), 0, shard.size()).find(place, view);
      digest.add(view, SHAPE.size());
    }

    assertThat(shard.sha256()).isEqualTo(digest.hex());
  }

  @Test
  void mayBeEmpty() {
    assertThat(new MemoryShard(List.of()).size()).isZero();
  }

  @Test
  void refusesAShortChunkBeforeTheLast() {
    assertThatThrownBy(() -> new MemoryShard(List.of(chunk(0, 3), chunk(3, 3))))
        .hasMessage(
            "Cannot address a shard: every chunk but the last must hold %s images.",
            MemoryShard.CHUNK_IMAGES);
  }

  @Test
  void refusesAChunkThatIsTooLong() {
    assertThatThrownBy(() -> new MemoryShard(List.of(chunk(0, MemoryShard.CHUNK_IMAGES + 1))))
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
    return new MemoryShard(
            List.of(new ImageChunk(SHAPE, new long[] {record}, new int[] {label}, pixels)))
        .sha256();
  }

  private static ImageChunk chunk(long firstRecord, int images) {
    long[] records = LongStream.range(firstRecord, firstRecord + images).toArray();
    return new ImageChunk(SHAPE, records, new int[images], new byte[images]);
  }
}
