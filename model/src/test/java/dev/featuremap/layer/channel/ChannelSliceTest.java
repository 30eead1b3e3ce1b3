package dev.featuremap.layer.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.Outputs;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChannelSliceTest extends LayerContract {
  private final List<String> problems = new ArrayList<>();

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new ChannelSlice(0, 2), new Shape(5, 3, 4)),
        new Case(new ChannelSlice(1, 4), Shape.ofFeatures(7)),
        new Case(new ChannelSlice(3, ChannelSlice.ALL), new Shape(5, 2, 3)),
        new Case(new ChannelSlice(0, ChannelSlice.ALL), new Shape(2, 2, 3)));
  }

  @Test
  void takesTheChannelsBeforeItsEnd() {
    Shape shape = new Shape(3, 1, 2);
    assertThat(Outputs.of(new ChannelSlice(1, 2), shape, 1, 2, 3, 4, 5, 6)).containsExactly(3, 4);
    assertThat(Outputs.of(new ChannelSlice(1, ChannelSlice.ALL), shape, 1, 2, 3, 4, 5, 6))
        .containsExactly(3, 4, 5, 6);
  }

  @Test
  void passesNoGradientToOtherChannels() {
    assertThat(Outputs.gradientOf(new ChannelSlice(1, 2), new Shape(3, 1, 2), 1, 2, 3, 4, 5, 6))
        .containsExactly(0, 0, 1, 1, 0, 0);
  }

  @Test
  void readsEitherEnd() {
    assertThat(read("to = 58")).contains(new ChannelSlice(0, 58));
    assertThat(read("from = 58")).contains(new ChannelSlice(58, ChannelSlice.ALL));
    assertThat(read("from = 58, to = 116")).contains(new ChannelSlice(58, 116));
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesAnEndBeforeItsStart() {
    read("from = 4, to = 4");
    assertThat(problems)
        .containsExactly(
            "Cannot use layer half.to: expected more than from = 4, since the slice ends before"
                + " it, got 4.");
    assertThatThrownBy(() -> new ChannelSlice(4, 2))
        .hasMessage(
            "Cannot make a channel-slice layer: it takes the channels from 4 to before 2, which"
                + " are none.");
  }

  @Test
  void refusesChannelsThatItsInputLacks() {
    assertThatThrownBy(() -> new ChannelSlice(2, 9).outputShape(new Shape(8, 2, 2)))
        .hasMessage(
            "it takes the channels from 2 to before 9, got [8, 2, 2] with 8 channels. Count"
                + " channels from 0; to is the one behind the last");
    assertThatThrownBy(() -> new ChannelSlice(1, ChannelSlice.ALL).outputShape(new Shape(1, 2, 2)))
        .hasMessage(
            "it takes the channels from 1 on, got [1, 2, 2] with 1 channel. Count channels from"
                + " 0; to is the one behind the last");
  }

  @Test
  void summaryNamesTheChannels() {
    assertThat(new ChannelSlice(2, 9).summary()).isEqualTo("2 to 9");
    assertThat(new ChannelSlice(2, ChannelSlice.ALL).summary()).isEqualTo("from 2");
  }

  private Optional<LayerSpec> read(String options) {
    return LayerTypes.read(
        Options.of(
            ConfigFactory.parseString("type = channel-slice, " + options), "layer half", problems),
        List.of());
  }
}
