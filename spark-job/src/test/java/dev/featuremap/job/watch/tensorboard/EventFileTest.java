package dev.featuremap.job.watch.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.Pixels;
import dev.featuremap.job.testing.EventRecords;
import dev.featuremap.job.testing.EventRecords.Field;
import dev.featuremap.tensor.Shape;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFileTest {
  private static final Instant TIME = Instant.parse("2026-01-31T12:00:00.250Z");

  private final EventFile file = new EventFile(300, TIME);

  @Test
  void startsWithTheVersionOfItsFormat() {
    List<Field> version = EventRecords.events(file.bytes()).get(0);

    assertThat(seconds(version)).isEqualTo(TIME.toEpochMilli() / 1e3);
    assertThat(EventRecords.find(version, 3).text()).isEqualTo("brain.Event:2");
  }

  @Test
  void holdsItsStepAndTime() {
    List<Field> event = EventRecords.events(file.bytes()).get(1);

    assertThat(seconds(event)).isEqualTo(TIME.toEpochMilli() / 1e3);
    assertThat(EventRecords.find(event, 2).value()).isEqualTo(300L);
  }

  @Test
  void holdsScalarsThatAreFiniteInSinglePrecision() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("train-loss", 0.1);
    values.put("wait-seconds", Double.NaN);
    values.put("drift", -1e300 * 1e300);
    values.put("größe", 1e-3);

    file.scalars(values);

    List<Field> summary = EventRecords.find(EventRecords.events(file.bytes()).get(1), 5).fields();
    assertThat(summary)
        .extracting(value -> value.fields().get(0).text())
        .containsExactly("train-loss", "größe");
    assertThat(summary)
        .extracting(
            value -> Float.intBitsToFloat(((Long) value.fields().get(1).value()).intValue()))
        .containsExactly(0.1f, 1e-3f);
  }

  @Test
  void holdsAPictureAsPng() throws Exception {
    Pixels pixels = new Pixels(new Shape(1, 2, 3), new byte[] {0, 50, 100, (byte) 150, -56, -1});

    file.image("conv1.weight", pixels);

    List<Field> value =
        EventRecords.find(EventRecords.events(file.bytes()).get(1), 5).fields().get(0).fields();
    assertThat(value.get(0).text()).isEqualTo("conv1.weight");
    List<Field> image = value.get(1).fields();
    assertThat(image.subList(0, 3)).extracting(Field::value).containsExactly(2L, 3L, 1L);
    ByteBuffer content = (ByteBuffer) image.get(3).value();
    byte[] png = new byte[content.remaining()];
    content.get(png);
    assertThat(new ImageDecoder(100).decode(png).values()).isEqualTo(pixels.values());
  }

  @Test
  void isReadByAParserThatNoticesASingleWrongBit() {
    byte[] bytes = file.bytes();
    bytes[bytes.length / 2] ^= 1;

    assertThatThrownBy(() -> EventRecords.events(bytes)).isInstanceOf(RuntimeException.class);
  }

  private static double seconds(List<Field> event) {
    return Double.longBitsToDouble((Long) EventRecords.find(event, 1).value());
  }
}
