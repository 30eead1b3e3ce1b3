package dev.featuremap.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class RecordSerializerTest {
  private final SerializerInstance kryo = new KryoSerializer(new SparkConf(false)).newInstance();

  @DefaultSerializer(RecordSerializer.class)
  record Everything(
      boolean flag,
      byte small,
      short half,
      char letter,
      int number,
      long large,
      float single,
      double precise,
      String text,
      byte[] bytes,
      String[] texts,
      Object any,
      Inner inner) {}

  /** Says nothing of serializers. */
  record Inner(long number) {}

  @DefaultSerializer(RecordSerializer.class)
  record Positive(int number) {
    Positive {
      if (number < 1) {
        throw new IllegalArgumentException("Cannot take " + number + ".");
      }
    }
  }

  @DefaultSerializer(RecordSerializer.class)
  record Pair(List<String> left, List<String> right) {}

  @Test
  void carriesEveryKindOfComponent() {
    Everything record =
        new Everything(
            true,
            (byte) -1,
            (short) -2,
            'ä',
            Integer.MIN_VALUE,
            1L << 40,
            -0f,
            Double.MIN_VALUE,
            "text",
            new byte[] {1, -1},
            new String[] {"a", null},
            new Positive(3),
            new Inner(5));

    assertThat(travel(record)).usingRecursiveComparison().isEqualTo(record);
  }

  @Test
  void carriesNothingWhereThereIsNothing() {
    Everything record =
        new Everything(false, (byte) 0, (short) 0, ' ', 0, 0, 0, 0, null, null, null, null, null);

    assertThat(travel(record)).isEqualTo(record);
  }

  @Test
  void keepsOneObjectOne() {
    List<String> shared = new ArrayList<>(List.of("a"));

    Pair pair = travel(new Pair(shared, shared));

    assertThat(pair.left()).isSameAs(pair.right()).containsExactly("a");
  }

  @Test
  void makesRecordsByTheirConstructor() {
    assertThat(travel(new Positive(7))).isEqualTo(new Positive(7));
    assertThatThrownBy(() -> new Positive(0)).hasMessage("Cannot take 0.");
  }

  @SuppressWarnings("unchecked") // the class of an object of type T is a Class<T>
  private <T> T travel(T object) {
    ClassTag<T> tag = ClassTag$.MODULE$.apply((Class<T>) object.getClass());
    return kryo.deserialize(kryo.serialize(object, tag), tag);
  }
}
