package dev.featuremap.job.images.shard;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Remembers in the driver which executor was the last to use a partition of one RDD. */
final class ShardHomes extends SparkListener {
  private final int rdd;
  private final Set<Integer> stages = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Home> homes = new ConcurrentHashMap<>();

  private ShardHomes(int rdd) {
    this.rdd = rdd;
  }

  /** Listens to the Spark of {@code rdd} from now on. */
  static ShardHomes of(RDD<?> rdd) {
    ShardHomes homes = new ShardHomes(rdd.id());
    rdd.sparkContext().addSparkListener(homes);
    return homes;
  }

  /** Where to send the task of a partition, as Spark writes it; empty if nobody has had it. */
  List<String> of(int partition) {
    Home home = homes.get(partition);
    return home == null ? List.of() : List.of("executor_%s_%s".formatted(home.host, home.executor));
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (CollectionConverters.asJava(submitted.stageInfo().rddInfos()).stream()
        .anyMatch(info -> info.id() == rdd)) {
      stages.add(submitted.stageInfo().stageId());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (stages.contains(end.stageId()) && end.taskInfo().successful()) {
      homes.put(
          end.taskInfo().partitionId(),
          new Home(end.taskInfo().host(), end.taskInfo().executorId()));
    }
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    homes.values().removeIf(home -> home.executor.equals(removed.executorId()));
  }

  private record Home(String host, String executor) {}
}
