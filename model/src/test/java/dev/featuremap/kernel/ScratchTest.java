package dev.featuremap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.kernel.Scratch.Buffer;
import dev.featuremap.kernel.Scratch.Use;
import org.junit.jupiter.api.Test;

class ScratchTest {
  private final Scratch scratch = new Scratch();

  @Test
  void usersOfOneRoomShareTheLargestArray() {
    Buffer small = scratch.reserve(Use.SUMS, 3);
    Buffer large = scratch.reserve(Use.SUMS, 5);

    assertThat(small.floats()).hasSize(5).isSameAs(large.floats());
  }

  @Test
  void anArrayOfOneUseIsNotThatOfAnother() {
    assertThat(scratch.reserve(Use.SUMS, 3).floats())
        .isNotSameAs(scratch.reserve(Use.FACTORS, 3).floats());
  }

  @Test
  void aRoomGrowsWithALaterReservation() {
    Buffer buffer = scratch.reserve(Use.PADDED, 3);
    assertThat(buffer.floats()).hasSize(3);

    scratch.reserve(Use.PADDED, 4);

    assertThat(buffer.floats()).hasSize(4);
  }
}
