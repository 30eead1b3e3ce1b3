package dev.featuremap.job.images.source;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.random.SeededPermutation;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Some of the records of a set, by their places in a seeded permutation: the first for the test,
 * the others for training. The place is the record's new id.
 */
public final class SplitSource implements ImageSource {
  private final ImageSource whole;
  private final Places places;

  private SplitSource(ImageSource whole, Places places) {
    this.whole = whole;
    this.places = places;
  }

  public static SplitSource test(ImageSource whole, DataSettings settings) {
    long tested = tested(whole, settings.testFraction());
    return new SplitSource(whole, new Places(whole.images(), settings.splitSeed(), 0, tested));
  }

  public static SplitSource train(ImageSource whole, DataSettings settings) {
    long tested = tested(whole, settings.testFraction());
    return new SplitSource(
        whole, new Places(whole.images(), settings.splitSeed(), tested, whole.images()));
  }

  private static long tested(ImageSource whole, double fraction) {
    long tested = StrictMath.round(whole.images() * fraction);
    if (tested < 1 || tested >= whole.images()) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot split %s: data.test-fraction = %s must leave at least 1 image on each side, got %d of %d for the test.",
              whole,
              fraction,
              tested,
              whole.images()));
    }
    return tested;
  }

  @Override
  public long images() {
    return places.to() - places.from();
  }

  @Override
  public Optional<Shape> shape() {
    return whole.shape();
  }

  @Override
  public LabelIndex labels() {
    return whole.labels();
  }

  @Override
  public PassedOver passedOver() {
    return whole.passedOver();
  }

  @Override
  public Optional<SourceMarks> marks(JavaSparkContext spark) {
    return whole.marks(spark);
  }

  @Override
  public JavaRDD<SourceRecord> read(JavaSparkContext spark, IdFilter wanted) {
    Places mine = places;
    return whole
        .read(spark, id -> mine.hold(id) && wanted.takes(mine.of(id)))
        .map(record -> record.withId(mine.of(record.id())));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d of %s", images(), whole);
  }

  /** A range of places in the permutation of all records. */
  private record Places(long records, long seed, long from, long to) implements Serializable {
    boolean hold(long id) {
      long place = place(id);
      return place >= from && place < to;
    }

    long of(long id) {
      return place(id) - from;
    }

    private long place(long id) {
      return new SeededPermutation(records, CounterRandom.stream(seed, Purpose.SPLIT)).apply(id);
    }
  }
}
