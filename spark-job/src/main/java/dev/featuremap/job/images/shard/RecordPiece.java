package dev.featuremap.job.images.shard;

import dev.featuremap.job.images.source.BadRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Some records of one worker on their way to it. A plain class of plain fields. */
final class RecordPiece implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ShardRecord[] records;
  private final BadRecord[] bad;

  RecordPiece(List<ShardRecord> records, List<BadRecord> bad) {
    this.records = records.toArray(ShardRecord[]::new);
    this.bad = bad.toArray(BadRecord[]::new);
  }

  /** Records that may be images. */
  List<ShardRecord> records() {
    return List.of(records);
  }

  /** Records that are none, as far as this is known before decoding. */
  List<BadRecord> bad() {
    return List.of(bad);
  }

  /** Collects the records of one worker. */
  static final class Builder {
    private final List<ShardRecord> records = new ArrayList<>();
    private final List<BadRecord> bad = new ArrayList<>();

    void add(ShardRecord record) {
      records.add(record);
    }

    void add(BadRecord record) {
      bad.add(record);
    }

    RecordPiece build() {
      return new RecordPiece(records, bad);
    }
  }
}
