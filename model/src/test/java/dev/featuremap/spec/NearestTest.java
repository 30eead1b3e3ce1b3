package dev.featuremap.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void countsInsertionsDeletionsAndSubstitutions() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("abc", "")).isEqualTo(3);
    assertThat(Nearest.distance("Epochs", "epochs")).isZero();
  }

  @Test
  void namesTheClosestCandidate() {
    assertThat(Nearest.to("momentun", List.of("epsilon", "momentum", "nesterov")))
        .contains("momentum");
  }

  @Test
  void prefersTheFirstByAlphabetAmongEquals() {
    assertThat(Nearest.to("beta", List.of("beta2", "beta1"))).contains("beta1");
  }

  @Test
  void namesNothingWhenMoreThanHalfWouldChange() {
    assertThat(Nearest.to("momentum", List.of("beta1", "epsilon"))).isEmpty();
    assertThat(Nearest.to("momentum", List.of())).isEmpty();
  }

  @Test
  void allowsTwoChangesInShortWords() {
    assertThat(Nearest.to("lr", List.of("x"))).contains("x");
    assertThat(Nearest.to("lr", List.of("abc"))).isEmpty();
  }
}
