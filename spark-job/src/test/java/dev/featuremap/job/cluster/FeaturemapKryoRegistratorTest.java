package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Evaluation;
import dev.featuremap.train.Round;
import dev.featuremap.train.SliceSum;
import dev.featuremap.train.Slices;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.WorkTime;
import dev.featuremap.train.WorkerResult;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.Tuple3;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class FeaturemapKryoRegistratorTest {
  private final SerializerInstance kryo =
      new KryoSerializer(
              SparkContexts.defaults(new SparkConf(false))
                  .set("spark.kryo.registrationRequired", "true"))
          .newInstance();

  @Test
  void carriesCachedChunksToDiskAndBack() {
    ImageChunk chunk =
        new ImageChunk(
            new Shape(1, 1, 2),
            new long[] {7, 1L << 40},
            new int[] {3, 9},
            new byte[] {0, -1, 5, 6});

    Tuple2<Integer, ImageChunk> back = travel(new Tuple2<>(4, chunk));

    assertThat(back._1()).isEqualTo(4);
    assertThat(back._2().imageBytes()).isEqualTo(chunk.imageBytes());
    assertThat(back._2().sha256()).isEqualTo(chunk.sha256());
    assertThat(back._2()).usingRecursiveComparison().isEqualTo(chunk);
  }

  @Test
  void carriesTheStateToWorkersAndResultsToTheDriver() {
    WorkerResult result =
        new WorkerResult(
            1,
            new float[] {1, Float.MIN_VALUE, -0f},
            1L << 33,
            0.1,
            12,
            "vector/16 lanes",
            "ab",
            new WorkTime("executor", -1, 1L << 40, 7));

    assertThat(travel(new float[] {1.5f, -0f})).containsExactly(1.5f, -0f);
    assertThat(travel(result)).usingRecursiveComparison().isEqualTo(result);
    // Collected results arrive in an array of objects.
    assertThat(travel(new Object[] {result})[0]).usingRecursiveComparison().isEqualTo(result);
  }

  @Test
  void carriesJoinedSlicesToTheDriver() {
    WorkerResult report =
        new WorkerResult(0, new float[0], 7, 0.1, 1, "scalar", "ab", WorkTime.NONE);
    Round round = Round.ofEpoch(0, 1, SyncRule.EPOCH).get(0);
    SliceSum sum = new SliceSum(round, new float[2], 2, 7, Slices.of(2, 1), 0);
    sum.add(new WorkerResult(0, new float[] {1, -0f}, 7, 0.1, 1, "scalar", "ab", WorkTime.NONE), 0);

    WorkTime time = new WorkTime("executor", -1, 1L << 40, 0);

    var back = travel(new Tuple3<>(sum.joined(), new WorkerResult[] {report}, time));

    assertThat(back._1()).usingRecursiveComparison().isEqualTo(sum.joined());
    assertThat(back._2()[0]).usingRecursiveComparison().isEqualTo(report);
    assertThat(back._3()).usingRecursiveComparison().isEqualTo(time);
  }

  @Test
  void carriesEvaluationsToTheDriver() {
    ConfusionMatrix confusion = new ConfusionMatrix(3);
    confusion.add(0, 2);
    confusion.add(1, 1);
    Evaluation evaluation = new Evaluation(0.25, confusion, List.of());

    Evaluation back = travel(evaluation);

    assertThat(back.lossSum()).isEqualTo(0.25);
    assertThat(back.confusion()).usingRecursiveComparison().isEqualTo(confusion);
    assertThat(back.confusion().classes()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNotRegistered() {
    assertThatThrownBy(() -> travel(new Thread()))
        .hasMessageContaining("Class is not registered: java.lang.Thread");
  }

  @SuppressWarnings("unchecked") // the class of an object of type T is a Class<T>
  private <T> T travel(T object) {
    ClassTag<T> tag = ClassTag$.MODULE$.apply((Class<T>) object.getClass());
    return kryo.deserialize(kryo.serialize(object, tag), tag);
  }
}
