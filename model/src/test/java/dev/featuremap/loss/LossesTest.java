package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LossesTest {

  @Test
  void listsAllNames() {
    assertThat(Losses.names()).containsExactly("softmax-cross-entropy", "sigmoid-cross-entropy");
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> Losses.named("hinge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use loss hinge: expected one of softmax-cross-entropy, sigmoid-cross-entropy.");
  }
}
