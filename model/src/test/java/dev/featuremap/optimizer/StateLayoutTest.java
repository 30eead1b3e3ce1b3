package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StateLayoutTest {

  @Test
  void putsSlotsBehindTheParameters() {
    StateLayout layout = new StateLayout(10, 2, 0, List.of());

    assertThat(layout.slotAt(0)).isEqualTo(10);
    assertThat(layout.slotAt(1)).isEqualTo(20);
    assertThat(layout.size()).isEqualTo(30);
  }

  @Test
  void refusesMoreThanOneArrayHolds() {
    assertThatThrownBy(() -> new StateLayout(1 << 30, 1, 0, List.of()))
        .hasMessage(
            "Cannot hold 1073741824 parameters with 1 optimizer slots each: one array ends at 2^31"
                + " floats.");
  }

  @Test
  void refusesNegativeCounts() {
    assertThatThrownBy(() -> new StateLayout(-1, 0, 0, List.of()))
        .hasMessage(
            "Cannot lay out a state: expected counts of at least 0, got -1 parameters, 0 slots and 0 buffers.");
  }

  @Test
  void refusesOverlappingRanges() {
    List<StateLayout.Range> ranges =
        List.of(new StateLayout.Range(0, 5), new StateLayout.Range(4, 6));

    assertThatThrownBy(() -> new StateLayout(10, 0, 0, ranges))
        .hasMessage("Cannot decay parameters [4, 6): expected ranges in order within [5, 10).");
  }

  @Test
  void refusesARangeBeyondTheParameters() {
    assertThatThrownBy(() -> new StateLayout(10, 0, 0, List.of(new StateLayout.Range(0, 11))))
        .hasMessage("Cannot decay parameters [0, 11): expected ranges in order within [0, 10).");
  }

  @Test
  void refusesRatesThatAreOutOfOrderOrNone() {
    StateLayout.Rate last = new StateLayout.Rate(new StateLayout.Range(5, 9), 2);
    StateLayout.Rate first = new StateLayout.Rate(new StateLayout.Range(0, 5), 2);
    StateLayout.Rate none = new StateLayout.Rate(new StateLayout.Range(0, 5), 0);

    assertThatThrownBy(() -> new StateLayout(10, 0, 0, List.of(), List.of(last, first)))
        .hasMessage(
            "Cannot scale the rate of parameters [0, 5): expected ranges in order within [9, 10).");
    assertThatThrownBy(() -> new StateLayout(10, 0, 0, List.of(), List.of(none)))
        .hasMessage(
            "Cannot use a factor of the learning rate: expected a number above 0, got 0.0.");
  }

  @Test
  void keepsBuffersBehindTheSlots() {
    StateLayout layout = new StateLayout(2, 1, 3, List.of());

    assertThat(layout.size()).isEqualTo(7);
    assertThat(layout.buffersAt()).isEqualTo(4);
    assertThat(layout.model(new float[] {1, 2, 3, 4, 5, 6, 7})).containsExactly(1, 2, 5, 6, 7);
  }
}
