package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.image.Pixels;
import dev.featuremap.job.cluster.SparkContexts;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** What is between a source and a worker arrives whole, whatever serializer an application has. */
class TravelTest {
  static Stream<Arguments> serializers() {
    SparkConf ours =
        SparkContexts.defaults(new SparkConf(false)).set("spark.kryo.registrationRequired", "true");
    return Stream.of(
        Arguments.of("Kryo as our commands start it", new KryoSerializer(ours)),
        Arguments.of(
            "Kryo that knows none of our classes", new KryoSerializer(new SparkConf(false))),
        Arguments.of("Java's own", new JavaSerializer(new SparkConf(false))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("serializers")
  void recordsArriveAtTheirWorker(String name, Serializer serializer) {
    Shape shape = new Shape(1, 1, 2);
    RecordPiece piece =
        new RecordPiece(
            List.of(
                new ShardRecord(1L << 40, 3, "a", new ImageContent.Encoded(new byte[] {1, -1})),
                new ShardRecord(
                    -1, 0, "a", new ImageContent.Plain(new Pixels(shape, new byte[] {5, 6}))),
                new ShardRecord(
                    2, 9, "b", new ImageContent.Plain(new Pixels(shape, new byte[] {7, 8})))),
            List.of(new BadRecord(4, "c", "it is empty")));

    assertThat(travel(serializer, piece)).usingRecursiveComparison().isEqualTo(piece);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("serializers")
  void chunksAndWhatIsKnownOfThemArriveAtTheDriver(String name, Serializer serializer) {
    BadRecords bad = BadRecords.NONE.with(new BadRecord(4, "c", "it is empty"));
    ImageChunk images =
        new ImageChunk(new Shape(1, 1, 2), new long[] {7}, new int[] {3}, new byte[] {0, -1});
    ShardChunk chunk = new ShardChunk(images, bad);
    ShardLoad load = new ShardLoad("ab", 1, bad, 1L << 33, 7, new int[] {0, 2});
    ShardImage image = new ShardImage(7, 3, new byte[] {0, -1});

    assertThat(travel(serializer, chunk)).usingRecursiveComparison().isEqualTo(chunk);
    assertThat(travel(serializer, load)).usingRecursiveComparison().isEqualTo(load);
    assertThat(travel(serializer, new Object[] {image})[0])
        .usingRecursiveComparison()
        .isEqualTo(image);
  }

  @SuppressWarnings("unchecked") // the class of an object of type T is a Class<T>
  private static <T> T travel(Serializer serializer, T object) {
    ClassTag<T> tag = ClassTag$.MODULE$.apply((Class<T>) object.getClass());
    SerializerInstance instance = serializer.newInstance();
    return instance.deserialize(instance.serialize(object, tag), tag);
  }
}
