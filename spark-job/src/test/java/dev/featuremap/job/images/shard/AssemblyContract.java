package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import dev.featuremap.data.ShardDigest;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.Resize;
import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.testing.Pictures;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every way to assemble a shard keeps to. Record {@code r} shows {@code [0, r]}. */
abstract class AssemblyContract {
  static final ShardLayout LAYOUT = new ShardLayout(5_000, 1, 3);
  static final ImageReading READING =
      new ImageReading(
          new ImageFit(new Shape(1, 1, 2), Resize.NONE), LabelIndex.numbers(), 10, 100);

  /** A shard and what it leaves out. */
  record Assembled(Shard shard, BadRecords bad) {}

  abstract Assembled assemble(ShardLayout layout, List<RecordPiece> pieces);

  @Test
  void hasTheImagesInTheOrderOfPositions() {
    Shard shard = assemble(LAYOUT, List.of(piece(2_000, 5_000), piece(0, 2_000))).shard();

    assertHolds(shard, record -> true);
  }

  @Test
  void decodesImages() {
    byte[] png = Pictures.greyPng(new byte[] {0, (byte) 200}, 0, 1, 2);
    RecordPiece encoded =
        new RecordPiece(
            List.of(new ShardRecord(200, 0, "200.png", new ImageContent.Encoded(png))), List.of());

    Shard shard = assemble(LAYOUT, List.of(piece(0, 200), encoded, piece(201, 5_000))).shard();

    assertHolds(shard, record -> true);
  }

  @Test
  void closesTheGapsOfBadRecords() {
    Assembled assembled = assemble(LAYOUT, withTwoBad());

    assertThat(assembled.bad().count()).isEqualTo(2);
    assertThat(assembled.bad().lines())
        .isEqualTo(
            "  record 17 in 17.png: it begins like no PNG, JPEG, GIF, BMP, WebP, PNM or TIFF file\n"
                + "  record 4321 in a.png: it is empty");
    assertHolds(assembled.shard(), record -> record != 17 && record != 4_321);
  }

  @Test
  void mayHoldBadRecordsAlone() {
    BadRecord bad = new BadRecord(0, "a.png", "it is empty");

    Assembled assembled =
        assemble(new ShardLayout(1, 1, 3), List.of(new RecordPiece(List.of(), List.of(bad))));

    assertThat(assembled.shard().size()).isZero();
    assertThat(assembled.bad().count()).isEqualTo(1);
  }

  @Test
  void countsMissingRecords() {
    assertFails("got 4999 of 5000 records", piece(1, 5_000));
  }

  @Test
  void noticesThatNothingCame() {
    assertFails("got 0 of 5000 records");
  }

  @Test
  void noticesARecordThatComesTwice() {
    assertFails("got record 17 twice", piece(0, 2_000), piece(17, 2_000));
  }

  /** All records, of which 17 cannot be decoded and 4321 is known to be bad. */
  static List<RecordPiece> withTwoBad() {
    RecordPiece bad =
        new RecordPiece(
            List.of(
                new ShardRecord(17, 3, "17.png", new ImageContent.Encoded(new byte[] {1, 2, 3}))),
            List.of(new BadRecord(4_321, "a.png", "it is empty")));
    return List.of(piece(18, 4_321), bad, piece(0, 17), piece(4_322, 5_000));
  }

  static RecordPiece piece(int from, int to) {
    List<ShardRecord> records = new ArrayList<>();
    for (int record = from; record < to; record++) {
      byte[] pixels = {0, (byte) record};
      records.add(new ShardRecord(record, record % 10, "digits", plain(pixels)));
    }
    return new RecordPiece(records, List.of());
  }

  /** Pixels of the network's input. */
  static ImageContent plain(byte[] pixels) {
    return new ImageContent.Plain(new Pixels(READING.shape(), pixels));
  }

  private static void assertHolds(Shard shard, LongPredicate kept) {
    List<Long> expected =
        LongStream.range(0, LAYOUT.images())
            .filter(kept)
            .boxed()
            .sorted(Comparator.comparing(LAYOUT::positionOf))
            .toList();
    List<ImageView> images = Readings.images(shard);
    assertThat(images).extracting(ImageView::record).isEqualTo(expected);
    ShardDigest digest = new ShardDigest();
    for (ImageView image : images) {
      assertThat(image.label()).isEqualTo((int) image.record() % 10);
      assertThat(image.pixels()[image.offset() + 1]).isEqualTo((byte) image.record());
      digest.add(image, 2);
    }
    assertThat(shard.sha256()).isEqualTo(digest.hex());
  }

  private void assertFails(String got, RecordPiece... pieces) {
    JobException failure =
        catchThrowableOfType(JobException.class, () -> assemble(LAYOUT, List.of(pieces)));
    assertThat(failure)
        .hasMessage(
            "Cannot assemble the shard of worker 0: each record must come exactly once, %s."
                    .formatted(got)
                + " Did the data change while it was read? Start again.");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
  }
}
