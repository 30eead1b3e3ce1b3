package dev.featuremap.job.images.source;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.random.SeededPermutation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * An order of records in which the first and the next share have their part of each class: as many
 * images of it as the share has of all, rounded down, and one more in the classes where that leaves
 * most behind. Which images they are, a seeded permutation says.
 *
 * @param places of the records, by id
 */
record StratifiedOrder(Broadcast<int[]> places) implements SplitSource.Order {
  private static final int MOST_RECORDS = Integer.MAX_VALUE - 8;

  @Override
  public long place(long id) {
    return places.value()[(int) id];
  }

  /**
   * Reads the labels of all records, and holds four bytes for each.
   *
   * @throws JobException with {@code USAGE} if they are too many for that
   */
  static StratifiedOrder of(
      JavaSparkContext spark, ImageSource whole, long seed, long first, long next) {
    if (whole.images() > MOST_RECORDS) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot split %s by class: expected at most %,d images. Set data.stratified = false.",
              whole,
              MOST_RECORDS));
    }
    List<Tuple2<Long, String>> labels =
        SparkJob.describe(spark, "read labels", () -> whole.readLabels(spark).collect());
    return new StratifiedOrder(spark.broadcast(places(labels, seed, first, next)));
  }

  /** The place of each record. */
  static int[] places(List<Tuple2<Long, String>> labels, long seed, long first, long next) {
    List<List<Long>> classes = classes(labels, seed);
    List<Long> inOrder = new ArrayList<>(labels.size());
    for (long share : new long[] {first, next}) {
      List<Integer> parts = parts(classes.stream().map(List::size).toList(), share);
      for (int c = 0; c < classes.size(); c++) {
        List<Long> taken = classes.get(c).subList(0, parts.get(c));
        inOrder.addAll(taken);
        classes.set(c, classes.get(c).subList(parts.get(c), classes.get(c).size()));
      }
    }
    classes.forEach(inOrder::addAll);
    int[] places = new int[labels.size()];
    for (int place = 0; place < places.length; place++) {
      places[Math.toIntExact(inOrder.get(place))] = place;
    }
    return places;
  }

  /** The ids of each class, in the order of labels, in each as a permutation has them. */
  private static List<List<Long>> classes(List<Tuple2<Long, String>> labels, long seed) {
    SeededPermutation permutation = SplitSource.permutation(labels.size(), seed);
    Map<String, List<Long>> ofLabels = new TreeMap<>();
    labels.forEach(
        record ->
            ofLabels
                .computeIfAbsent(record._2() == null ? "" : record._2(), label -> new ArrayList<>())
                .add(record._1()));
    ofLabels.values().forEach(ids -> ids.sort(Comparator.comparingLong(permutation::apply)));
    return new ArrayList<>(ofLabels.values());
  }

  /** Divides a share among classes in proportion to their sizes, by largest remainder. */
  static List<Integer> parts(List<Integer> sizes, long share) {
    long all = sizes.stream().mapToLong(size -> size).sum();
    List<Integer> parts = new ArrayList<>();
    List<Integer> byRemainder = new ArrayList<>();
    long left = share;
    for (int c = 0; c < sizes.size(); c++) {
      int part = (int) (share * sizes.get(c) / all);
      parts.add(part);
      byRemainder.add(c);
      left -= part;
    }
    byRemainder.sort(Comparator.comparingLong(c -> -(share * sizes.get(c) % all)));
    for (int k = 0; k < left; k++) {
      int c = byRemainder.get(k);
      parts.set(c, parts.get(c) + 1);
    }
    return parts;
  }
}
