package dev.featuremap.job.training.rounds;

import dev.featuremap.job.cluster.SparkJob;
import dev.featuremap.train.JoinedSlice;
import dev.featuremap.train.JoinedVector;
import dev.featuremap.train.PackedResult;
import dev.featuremap.train.Round;
import dev.featuremap.train.SliceSum;
import dev.featuremap.train.Slices;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;
import scala.Tuple3;

/**
 * A round whose results are joined on the executors: each worker cuts its vector, a shuffle brings
 * a slice of all workers to one task, sorted by worker, and the driver gets joined slices.
 *
 * <p>The sort is Spark's and spills to disk, so a task holds one slice and its sums, however many
 * workers there are.
 *
 * @param start what workers were sent
 * @param parameters where the parameters of a state end
 * @param images that all workers use together
 */
record SlicedRound(
    Broadcast<float[]> start, Round round, Slices slices, int parameters, int workers, long images)
    implements Serializable {

  /** Joins one result a partition; the driver never holds more of them than slices on their way. */
  RoundOutcome join(JavaRDD<PackedResult> results) {
    JavaPairRDD<Long, PackedResult> parts =
        results
            .flatMapToPair(this::cut)
            .repartitionAndSortWithinPartitions(new SlicePartitioner(slices.count(), workers));
    JavaRDD<Tuple3<JoinedSlice, WorkerResult[], WorkTime>> joined =
        parts.mapPartitionsWithIndex((slice, ofAll) -> List.of(add(slice, ofAll)).iterator(), true);
    JoinedVector vector = new JoinedVector(slices);
    WorkerResult[] reports = new WorkerResult[workers];
    List<WorkTime> joins = new ArrayList<>();
    SparkJob.forEachResult(
        joined,
        slice -> {
          vector.put(slice._1());
          joins.add(slice._3());
          for (WorkerResult report : slice._2()) {
            reports[report.worker()] = report;
          }
        });
    List<WorkTime> work = Arrays.stream(reports).map(WorkerResult::time).toList();
    return new RoundOutcome(List.of(reports), vector, RoundTimes.joiningSeconds(work, joins));
  }

  private Iterator<Tuple2<Long, PackedResult>> cut(PackedResult result) {
    return IntStream.range(0, slices.count())
        .mapToObj(
            slice ->
                new Tuple2<>(
                    (long) slice * workers + result.report().worker(),
                    result.part(slices.from(slice), slices.to(slice))))
        .iterator();
  }

  /** A slice of all workers, joined; with the first one comes what they tell of themselves. */
  private Tuple3<JoinedSlice, WorkerResult[], WorkTime> add(
      int slice, Iterator<Tuple2<Long, PackedResult>> ofAll) {
    long begin = System.nanoTime();
    SliceSum sum = new SliceSum(round, start.value(), parameters, images, slices, slice);
    WorkerResult[] reports = new WorkerResult[slice == 0 ? workers : 0];
    while (ofAll.hasNext()) {
      PackedResult part = ofAll.next()._2();
      sum.add(part.unpack(start.value(), slices.from(slice)), 0);
      if (slice == 0) {
        reports[part.report().worker()] = part.report();
      }
    }
    JoinedSlice joined = sum.joined();
    return new Tuple3<>(
        joined, reports, new WorkTime(SparkEnv.get().executorId(), begin, System.nanoTime(), 0));
  }
}
