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
 * Some of the records of a set, by their places in an order of all: the first for the test, the
 * next for validation, the others for training. The place is the record's new id. The order is a
 * seeded permutation, or one in which each share has its part of each class.
 */
public final class SplitSource implements ImageSource {
  private final ImageSource whole;
  private final Places places;

  /** The parts of a set. */
  public record Shares(
      ImageSource train, Optional<ImageSource> validation, Optional<ImageSource> test) {}

  private SplitSource(ImageSource whole, Places places) {
    this.whole = whole;
    this.places = places;
  }

  /**
   * Divides a set by {@code data.test-fraction} and {@code data.validation-fraction}, which are
   * shares of all its images.
   *
   * @throws JobException with {@code USAGE} if a share would be empty
   */
  public static Shares divide(JavaSparkContext spark, ImageSource whole, DataSettings settings) {
    long images = whole.images();
    double testFraction = settings.testFraction();
    double validationFraction = settings.validationFraction();
    long tested = StrictMath.round(images * testFraction);
    if (testFraction > 0) {
      requireShare(whole, "data.test-fraction", testFraction, tested, images, "test");
    }
    long validated = StrictMath.round(images * validationFraction);
    if (validationFraction > 0) {
      requireShare(
          whole,
          "data.validation-fraction",
          validationFraction,
          validated,
          images - tested,
          "validation");
    }
    Order order =
        settings.stratified()
            ? StratifiedOrder.of(spark, whole, settings.splitSeed(), tested, validated)
            : new Permuted(images, settings.splitSeed());
    long chosen = tested + validated;
    return new Shares(
        new SplitSource(whole, new Places(order, chosen, images)),
        validationFraction > 0
            ? Optional.of(new SplitSource(whole, new Places(order, tested, chosen)))
            : Optional.empty(),
        testFraction > 0
            ? Optional.of(new SplitSource(whole, new Places(order, 0, tested)))
            : Optional.empty());
  }

  private static void requireShare(
      ImageSource whole, String key, double fraction, long share, long images, String what) {
    if (share < 1 || share >= images) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot split %s: %s = %s must leave at least 1 image on each side, got %d of %d for the %s.",
              whole,
              key,
              fraction,
              share,
              images,
              what));
    }
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

  /** A permutation of all records. */
  interface Order extends Serializable {
    long place(long id);
  }

  private record Permuted(long records, long seed) implements Order {
    @Override
    public long place(long id) {
      return permutation(records, seed).apply(id);
    }
  }

  static SeededPermutation permutation(long records, long seed) {
    return new SeededPermutation(records, CounterRandom.stream(seed, Purpose.SPLIT));
  }

  /** A range of places in the order of all records. */
  private record Places(Order order, long from, long to) implements Serializable {
    boolean hold(long id) {
      long place = order.place(id);
      return place >= from && place < to;
    }

    long of(long id) {
      return order.place(id) - from;
    }
  }
}
