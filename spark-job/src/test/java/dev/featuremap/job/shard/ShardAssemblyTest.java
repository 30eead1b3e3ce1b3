package dev.featuremap.job.shard;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.Shard;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.source.BadRecord;
import dev.featuremap.job.source.ReadChunk;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShardAssemblyTest {
  private static final ShardLayout LAYOUT = new ShardLayout(5_000, 1, 3);

  @Test
  void fillsChunksInTheOrderOfPositions() {
    List<ImageChunk> chunks = assemble(piece(2_000, 5_000), piece(0, 2_000));

    assertThat(chunks).extracting(ImageChunk::size).containsExactly(Shard.CHUNK_IMAGES, 904);
    for (int position = 0; position < 5_000; position++) {
      ImageChunk chunk = chunks.get(position / Shard.CHUNK_IMAGES);
      int index = Shard.indexInChunk(position);
      assertThat(LAYOUT.positionOf(chunk.record(index))).isEqualTo(position);
      assertThat(chunk.label(index)).isEqualTo((int) chunk.record(index) % 10);
      assertThat(chunk.pixels()[2 * index + 1]).isEqualTo((byte) chunk.record(index));
    }
  }

  @Test
  void digestsEachChunkBeforeItGoesAnywhere() {
    byte[] digest = assemble(piece(0, 5_000)).get(0).sha256();
    ImageChunk chunk = assemble(piece(0, 5_000)).get(0);

    chunk.pixels()[0]++;

    assertThat(chunk.sha256()).isEqualTo(digest);
  }

  @Test
  void countsMissingRecords() {
    assertFails("got 4999 of 5000 records", piece(1, 5_000));
  }

  @Test
  void noticesThatNothingCame() {
    assertFails("got none of 5000 records");
  }

  @Test
  void noticesARecordThatComesTwice() {
    assertFails("got record 17 twice", piece(0, 2_000), piece(17, 2_000));
  }

  @Test
  void noticesImagesOfAnotherShape() {
    ImageChunk other =
        new ImageChunk(new Shape(1, 1, 1), new long[] {17}, new int[] {0}, new byte[1]);

    assertFails("got images of [1, 1, 2] and of [1, 1, 1]", piece(0, 10), other);
  }

  @Test
  void closesTheGapsOfBadRecords() {
    BadRecord first = new BadRecord(17, "b.png", "it is empty");
    BadRecord second = new BadRecord(4_321, "a.png", "it is empty");
    List<ReadChunk> pieces =
        List.of(
            new ReadChunk(piece(0, 17), new BadRecord[] {second}),
            new ReadChunk(piece(18, 4_321), new BadRecord[0]),
            new ReadChunk(piece(4_322, 5_000), new BadRecord[] {first}));

    List<ReadChunk> chunks = ShardAssembly.assemble(LAYOUT, 0, pieces.iterator());

    assertThat(chunks.get(0).bad()).containsExactly(first, second);
    assertThat(chunks.get(1).bad()).isEmpty();
    assertThat(chunks)
        .extracting(chunk -> chunk.images().size())
        .containsExactly(Shard.CHUNK_IMAGES, 902);
    long[] kept =
        LongStream.range(0, 5_000)
            .filter(record -> record != 17 && record != 4_321)
            .boxed()
            .sorted(Comparator.comparing(LAYOUT::positionOf))
            .mapToLong(Long::longValue)
            .toArray();
    for (int position = 0; position < kept.length; position++) {
      ImageChunk chunk = chunks.get(position / Shard.CHUNK_IMAGES).images();
      int index = Shard.indexInChunk(position);
      assertThat(chunk.record(index)).isEqualTo(kept[position]);
      assertThat(chunk.label(index)).isEqualTo((int) kept[position] % 10);
      assertThat(chunk.pixels()[2 * index + 1]).isEqualTo((byte) kept[position]);
    }
  }

  @Test
  void leavesAnEmptyChunkOfBadRecordsAlone() {
    ShardLayout one = new ShardLayout(1, 1, 3);
    ReadChunk bad =
        new ReadChunk(piece(0, 0), new BadRecord[] {new BadRecord(0, "a.png", "it is empty")});

    List<ReadChunk> chunks = ShardAssembly.assemble(one, 0, List.of(bad).iterator());

    assertThat(chunks).singleElement().extracting(chunk -> chunk.images().size()).isEqualTo(0);
  }

  private static void assertFails(String got, ImageChunk... pieces) {
    JobException failure = catchThrowableOfType(JobException.class, () -> assemble(pieces));
    assertThat(failure)
        .hasMessage(
            "Cannot assemble the shard of worker 0: each record must come exactly once, %s."
                    .formatted(got)
                + " Did the data change while it was read? Start again.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }

  private static List<ImageChunk> assemble(ImageChunk... pieces) {
    return Arrays.stream(pieces)
        .map(images -> new ReadChunk(images, new BadRecord[0]))
        .collect(collectingAndThen(toList(), ShardAssemblyTest::assemble));
  }

  private static List<ImageChunk> assemble(List<ReadChunk> pieces) {
    return ShardAssembly.assemble(LAYOUT, 0, pieces.iterator()).stream()
        .map(ReadChunk::images)
        .toList();
  }

  private static ImageChunk piece(int from, int to) {
    byte[] pixels = new byte[2 * (to - from)];
    int[] labels = new int[to - from];
    for (int index = 0; index < labels.length; index++) {
      labels[index] = (from + index) % 10;
      pixels[2 * index + 1] = (byte) (from + index);
    }
    return new ImageChunk(new Shape(1, 1, 2), LongStream.range(from, to).toArray(), labels, pixels);
  }
}
