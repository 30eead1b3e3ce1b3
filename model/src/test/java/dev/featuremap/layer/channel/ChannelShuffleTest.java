package dev.featuremap.layer.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.layer.LayerContract;
import dev.featuremap.layer.Outputs;
import dev.featuremap.tensor.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChannelShuffleTest extends LayerContract {

  @Override
  protected Stream<Case> cases() {
    return Stream.of(
        new Case(new ChannelShuffle(2), new Shape(6, 3, 4)),
        new Case(new ChannelShuffle(3), Shape.ofFeatures(12)),
        new Case(new ChannelShuffle(1), new Shape(2, 3, 3)),
        new Case(new ChannelShuffle(4), new Shape(4, 2, 2)));
  }

  /** As {@code torch.channel_shuffle} of the numbers 0 to 5. */
  @Test
  void takesAChannelOfEachGroupInTurn() {
    assertThat(Outputs.of(new ChannelShuffle(2), Shape.ofFeatures(6), 0, 1, 2, 3, 4, 5))
        .containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(Outputs.of(new ChannelShuffle(3), Shape.ofFeatures(6), 0, 1, 2, 3, 4, 5))
        .containsExactly(0, 2, 4, 1, 3, 5);
  }

  @Test
  void movesChannelsWithTheirPixels() {
    assertThat(Outputs.of(new ChannelShuffle(2), new Shape(4, 1, 2), 0, 1, 2, 3, 4, 5, 6, 7))
        .containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
  }

  @Test
  void rejectsGroupsThatDoNotDivideTheChannels() {
    assertThatThrownBy(() -> new ChannelShuffle(3).outputShape(new Shape(8, 2, 2)))
        .hasMessage("its 3 groups must divide the channels, got 8");
    assertThatThrownBy(() -> new ChannelShuffle(0))
        .hasMessageStartingWith("Cannot make a channel-shuffle layer: its groups must be from 1");
  }

  @Test
  void summaryCountsGroups() {
    assertThat(new ChannelShuffle(2).summary()).isEqualTo("2 groups");
    assertThat(new ChannelShuffle(1).summary()).isEqualTo("1 group");
  }
}
