package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.job.config.SyncSettings;
import dev.featuremap.job.images.shard.CacheMemory;
import java.util.Collection;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What an executor has room for.
 *
 * @param heapBytes what its JVM may use
 * @param tasks that work in it at once, as far as settings tell: at least so many
 * @param setting that gives it its heap
 */
record ExecutorMemory(long heapBytes, int tasks, String setting) {

  /** What Spark has for caching beside the work of rounds; in one process, the driver's too. */
  static CacheMemory cache(
      JavaSparkContext spark, SyncSettings sync, Collection<TrainingPlan> stages) {
    ExecutorMemory executor = of(spark);
    long work = 0;
    for (TrainingPlan stage : stages) {
      long driver =
          spark.isLocal()
              ? InputChecks.driverBytes(stage, sync, DriverMemory.of(spark.getConf()))
              : 0;
      work = Math.max(work, driver + InputChecks.executorBytes(stage, executor));
    }
    CacheMemory memory =
        SparkJob.describe(spark, "look for executors", () -> CacheMemory.of(spark));
    return memory.besides(executor.heapBytes, work);
  }

  /** The room of one of the executors of this application, which need not be there yet. */
  static ExecutorMemory of(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    int taskCores = conf.getInt("spark.task.cpus", 1);
    if (spark.isLocal()) {
      int tasks = Math.max(1, spark.defaultParallelism() / taskCores);
      return new ExecutorMemory(Runtime.getRuntime().maxMemory(), tasks, "spark.driver.memory");
    }
    long heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
    int tasks = Math.max(1, conf.getInt("spark.executor.cores", 1) / taskCores);
    return new ExecutorMemory(heap, tasks, "spark.executor.memory");
  }
}
