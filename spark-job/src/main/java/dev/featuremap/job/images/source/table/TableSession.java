package dev.featuremap.job.images.source.table;

import dev.featuremap.job.path.FileSystems;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Spark's session as tables are read in it. */
public final class TableSession {
  private static final Pattern PATTERN = Pattern.compile("[\\[\\]{}*?\\\\]");
  private static final String LEAST_PARTITIONS = "spark.sql.files.minPartitionNum";

  private static WeakReference<SparkSession> last = new WeakReference<>(null);

  private TableSession() {}

  /**
   * The rows of some paths.
   *
   * @param reader of {@link #files}, another one for each call
   */
  static Dataset<Row> load(Supplier<DataFrameReader> reader, String[] uris) {
    // Where Spark takes paths as they are, it reads all of them again for each with a bracket.
    return Arrays.stream(uris).noneMatch(uri -> PATTERN.matcher(uri).find())
        ? loadAll(reader.get(), uris)
        : Arrays.stream(uris)
            .map(uri -> reader.get().load(uri))
            .reduce(Dataset::unionByName)
            .orElseThrow();
  }

  private static Dataset<Row> loadAll(DataFrameReader reader, String[] uris) {
    return uris.length == 1 ? reader.load(uris[0]) : reader.load(uris);
  }

  /** A reader of files, which takes one path as it is: it is no pattern. */
  public static DataFrameReader files(JavaSparkContext spark) {
    return of(spark).read().options(FileSystems.readerOptions(spark.hadoopConfiguration()));
  }

  /**
   * The session of a context, for tables. It cuts files in one way, however many executors come
   * meanwhile: rows are counted by the pieces that are read later.
   */
  public static synchronized SparkSession of(JavaSparkContext spark) {
    SparkSession known = last.get();
    if (known != null && known.sparkContext() == spark.sc()) {
      return known;
    }
    SparkSession session = fixed(create(spark), spark);
    last = new WeakReference<>(session);
    return session;
  }

  /**
   * The session that knows the tables and views of whoever has one, by the names that they have.
   */
  static SparkSession ofCatalog(JavaSparkContext spark) {
    return fixed(shared(spark), spark);
  }

  private static SparkSession fixed(SparkSession session, JavaSparkContext spark) {
    if (session.conf().getOption(LEAST_PARTITIONS).isEmpty()) {
      session.conf().set(LEAST_PARTITIONS, spark.defaultParallelism());
    }
    return session;
  }

  /** Spark's way to one from settings warns that there is a context already. */
  private static SparkSession shared(JavaSparkContext spark) {
    return SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
  }

  /** Where somebody else has a session, theirs keeps its settings, and they decide no bit here. */
  private static SparkSession create(JavaSparkContext spark) {
    boolean isShared =
        SparkSession.getActiveSession().isDefined() || SparkSession.getDefaultSession().isDefined();
    SparkSession session = shared(spark);
    return isShared ? session.newSession() : session;
  }
}
