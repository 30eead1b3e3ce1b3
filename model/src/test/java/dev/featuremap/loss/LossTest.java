package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTest {

  @Test
  void isNamedAsNetworkFilesNameIt() {
    assertThat(Loss.values())
        .extracting(Loss::toString)
        .containsExactly("softmax-cross-entropy", "sigmoid-cross-entropy");
  }
}
