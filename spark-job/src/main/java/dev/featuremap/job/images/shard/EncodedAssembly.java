package dev.featuremap.job.images.shard;

import dev.featuremap.data.ClassCounts;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.ShardDigest;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.BadRecord;
import java.util.BitSet;
import java.util.Iterator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes the records of one worker, which arrive in any order, to a file and then decodes each
 * once: that finds the bad ones, whose gaps close, and gives the digest.
 */
final class EncodedAssembly {
  /** Images between two steps of the decoding threads. */
  private static final int STEP = 16;

  private final ExactlyOnce arrivals;
  private final RecordFile file;
  private final ImageReading reading;
  private final int threads;
  private final BitSet written = new BitSet();
  private BadRecords bad = BadRecords.NONE;

  private EncodedAssembly(
      ShardLayout layout, int worker, ImageReading reading, RecordFile file, int threads) {
    this.arrivals = new ExactlyOnce(layout, worker);
    this.reading = reading;
    this.file = file;
    this.threads = threads;
  }

  /**
   * The shard of {@code worker} in an empty file.
   *
   * @param threads which decode, now and in each pass
   * @throws dev.featuremap.job.failure.JobException with {@code BAD_DATA} unless each of its
   *     records came exactly once
   */
  static EncodedShard assemble(
      ShardLayout layout,
      int worker,
      ImageReading reading,
      Iterator<RecordPiece> pieces,
      RecordFile file,
      int threads) {
    EncodedAssembly assembly = new EncodedAssembly(layout, worker, reading, file, threads);
    pieces.forEachRemaining(assembly::add);
    assembly.arrivals.requireAll();
    ShardLoad load = assembly.decodeAll(assembly.closeGaps());
    return new EncodedShard(file, reading, threads, load);
  }

  private void add(RecordPiece piece) {
    for (BadRecord record : piece.bad()) {
      arrivals.positionOf(record.id());
      bad = bad.with(record);
    }
    for (ShardRecord record : piece.records()) {
      int position = arrivals.positionOf(record.id());
      file.write(position, record);
      written.set(position);
    }
  }

  /** Moves records to the places of bad ones before them; returns how many there are. */
  private int closeGaps() {
    int to = 0;
    for (int from = written.nextSetBit(0); from >= 0; from = written.nextSetBit(from + 1)) {
      moveBack(from, to);
      to++;
    }
    return to;
  }

  private ShardLoad decodeAll(int records) {
    LongAdder nanos = new LongAdder();
    ShardDigest digest = new ShardDigest();
    ClassCounts classes = new ClassCounts();
    ImageView view = new ImageView();
    int imageBytes = reading.shape().size();
    int images = 0;
    try (DecodeAhead pass =
        new DecodeAhead(
            position -> decode(position, nanos),
            EpochOrder.sequential(),
            0,
            records,
            imageBytes,
            threads)) {
      for (int place = 0; place < records; place++) {
        if (place % STEP == 0) {
          pass.advance(place, Math.min(STEP, records - place));
        }
        DecodedImage image = pass.image(place);
        if (image.bad().isPresent()) {
          bad = bad.with(image.bad().get());
        } else {
          pass.find(place, view);
          digest.add(view, imageBytes);
          classes.add(view.label());
          // Nobody reads here any more: the threads are ahead.
          moveBack(place, images);
          images++;
        }
      }
    }
    return new ShardLoad(digest.hex(), images, bad, file.bytes(), nanos.sum(), classes.toArray());
  }

  private DecodedImage decode(int position, LongAdder nanos) {
    long begin = System.nanoTime();
    DecodedImage image = DecodedImage.of(file.read(position), reading);
    nanos.add(System.nanoTime() - begin);
    return image;
  }

  private void moveBack(int from, int to) {
    if (to < from) {
      file.move(from, to);
    }
  }
}
