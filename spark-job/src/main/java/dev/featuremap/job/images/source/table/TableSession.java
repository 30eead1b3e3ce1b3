package dev.featuremap.job.images.source.table;

import dev.featuremap.job.path.FileSystems;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;

/** Spark's session as tables are read in it. */
public final class TableSession {
  private static final String LEAST_PARTITIONS = "spark.sql.files.minPartitionNum";

  private TableSession() {}

  /** A reader of files, which takes each path as it is: none is a pattern. */
  public static DataFrameReader files(JavaSparkContext spark) {
    return of(spark).read().options(FileSystems.readerOptions(spark.hadoopConfiguration()));
  }

  /**
   * The session of a context, for tables. It cuts files in one way, however many executors come
   * meanwhile: rows are counted by the pieces that are read later.
   */
  public static SparkSession of(JavaSparkContext spark) {
    // Spark's way to one from settings warns that there is a context already.
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    if (session.conf().getOption(LEAST_PARTITIONS).isEmpty()) {
      session.conf().set(LEAST_PARTITIONS, spark.defaultParallelism());
    }
    return session;
  }
}
