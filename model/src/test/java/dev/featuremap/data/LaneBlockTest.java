package dev.featuremap.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LaneBlockTest {
  private static final Shape SHAPE = new Shape(2, 1, 2);

  private final LaneBlock block =
      new LaneBlock(SHAPE, new Normalization(List.of(0.0, 1.0), List.of(1.0, 0.5)));
  private final Shard shard = shard(20);

  @BeforeEach
  void fillAllLanesFirst() {
    load(shard, 0, Lanes.COUNT);
  }

  @Test
  void putsEachImageInItsLane() {
    load(shard, 17, 3);

    assertThat(block.images()).isEqualTo(3);
    assertThat(Arrays.copyOf(block.targets().classes(), 3)).containsExactly(17, 18, 19);
    assertThat(Arrays.copyOf(block.records(), 3)).containsExactly(117, 118, 119);
  }

  @Test
  void normalizesEachChannelByItsOwnTable() {
    load(shard, 4, 1);

    assertThat(lane(0)) // bytes 16 to 19, two a channel; (p / 255 - 1) / 0.5 in the second
        .containsExactly(
            (float) (16 / 255.0),
            (float) (17 / 255.0),
            (float) ((18 / 255.0 - 1) / 0.5),
            (float) ((19 / 255.0 - 1) / 0.5));
  }

  @Test
  void readsBytesAsUnsigned() {
    byte[] pixels = {(byte) 255, (byte) 128, 0, 0};
    ImageChunk chunk = new ImageChunk(SHAPE, new long[1], new int[1], pixels);

    load(new MemoryShard(List.of(chunk)), 0, 1);

    assertThat(lane(0)).startsWith(1f, (float) (128 / 255.0));
  }

  @Test
  void followsTheOrderOfTheEpoch() {
    EpochOrder order = EpochOrder.shuffled(1, 2, 3, 20);

    block.load(shard.pass(order, 4, 20), 4, 16);

    for (int lane = 0; lane < Lanes.COUNT; lane++) {
      assertThat(block.targets().classes()[lane]).isEqualTo(order.position(4 + lane));
    }
  }

  @Test
  void padsUnusedLanesWithZerosLabelZeroAndRecordMinusOne() {
    load(shard, 2, 5);

    for (int lane = 5; lane < Lanes.COUNT; lane++) {
      assertThat(lane(lane)).containsOnly(0f);
      assertThat(block.targets().classes()[lane]).isZero();
      assertThat(block.records()[lane]).isEqualTo(-1);
    }
  }

  private void load(Shard images, int from, int count) {
    block.load(images.pass(EpochOrder.sequential(), 0, images.size()), from, count);
  }

  private float[] lane(int lane) {
    float[] values = new float[SHAPE.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = block.pixels()[k * Lanes.COUNT + lane];
    }
    return values;
  }

  private static Shard shard(int size) {
    long[] records = new long[size];
    int[] labels = new int[size];
    byte[] pixels = new byte[size * SHAPE.size()];
    for (int image = 0; image < size; image++) {
      records[image] = 100L + image;
      labels[image] = image;
    }
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = (byte) k;
    }
    return new MemoryShard(List.of(new ImageChunk(SHAPE, records, labels, pixels)));
  }
}
