package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Record ids that come with the data. */
public final class ExplicitIds {
  private ExplicitIds() {}

  /**
   * The number that a file's base name is: {@code 000017.png} is record 17.
   *
   * @throws JobException with {@code BAD_DATA} if it is none
   */
  public static long ofName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.indexOf('.');
    String base = dot < 0 ? name : name.substring(0, dot);
    if (!base.matches("[0-9]{1,18}")) {
      throw JobException.badData(
          "Cannot number %s: with data.ids = explicit the base name must be a number, got %s."
              .formatted(path, base));
    }
    return Long.parseLong(base);
  }

  /**
   * Makes sure that ids are complete.
   *
   * @param source how messages name the set
   * @throws JobException with {@code BAD_DATA} unless each of {@code 0 … images-1} comes once
   */
  public static void check(JavaRDD<Long> ids, long images, String source) {
    List<Long> outside = ids.filter(id -> id < 0 || id >= images).take(1);
    if (!outside.isEmpty()) {
      throw failure(source, images, "id " + outside.get(0));
    }
    List<Long> twice =
        ids.mapToPair(id -> new Tuple2<>(id, 1))
            .reduceByKey(Integer::sum)
            .filter(count -> count._2() > 1)
            .keys()
            .take(1);
    if (!twice.isEmpty()) {
      throw failure(
          source, images, String.format(Locale.ROOT, "id %d more than once", twice.get(0)));
    }
  }

  private static JobException failure(String source, long images, String got) {
    return JobException.badData(
        String.format(
            Locale.ROOT,
            "Cannot number the records of %s: with data.ids = explicit each id of 0 to %d must come once, got %s.",
            source,
            images - 1,
            got));
  }
}
