package dev.featuremap.job.images.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelIndexTest {

  @Test
  void tellsFormsOfUnicodeApart() {
    LabelIndex index = LabelIndex.named(java.util.List.of("cafe\u0301", "tea"), "x");

    assertThat(index.classOf("caf\u00e9")).isEmpty();
    assertThat(index.formHint("caf\u00e9"))
        .isEqualTo(
            " It knows cafe\u0301, which differs in Unicode normal form alone: the data have NFC, the model NFD. Rename one.");
    assertThat(index.formHint("coffee")).isEmpty();
  }

  @Test
  void numbersTextsInTheOrderOfCodePoints() {
    // U+1F600 is more than U+FF21, though its first surrogate is less.
    LabelIndex index = LabelIndex.of(List.of("\uD83D\uDE00", "b", "\uFF21", "B", "10", "b"));

    assertThat(index.names()).containsExactly("10", "B", "b", "\uFF21", "\uD83D\uDE00");
    assertThat(index.classOf("b")).hasValue(2);
    assertThat(index.classOf("c")).isEmpty();
  }

  @Test
  void keepsNumbersWhenAllLabelsAreNumbers() {
    LabelIndex index = LabelIndex.of(List.of("10", "9", "2"));

    assertThat(index.names()).isEmpty();
    assertThat(index.classOf("10")).hasValue(10);
    assertThat(index.classOf("7")).hasValue(7);
    assertThat(index.classOf("-1")).isEmpty();
    assertThat(index.classOf("cat")).isEmpty();
  }

  @Test
  void takesNoNumberForAnotherSpelling() {
    assertThat(LabelIndex.of(List.of("1", "01")).names()).containsExactly("01", "1");
  }

  @Test
  void keepsTheOrderOfGivenNames() {
    assertThat(LabelIndex.named(List.of("dog", "cat"), "pets").classOf("dog")).hasValue(0);
  }

  @Test
  void refusesANameThatComesTwice() {
    assertThatThrownBy(() -> LabelIndex.named(List.of("crane", "ant", "crane", "mole"), "a.txt"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_DATA))
        .hasMessage(
            "Cannot use the class names of a.txt: each must come once, got \"crane\" for class 0 and class 2, counted from 0. Give them names of their own there.");
  }

  @Test
  void tellsNamesApartThatOnlyLookAlike() {
    List<String> names = List.of("caf\u00e9", "cafe\u0301", "Crane", "crane", "", " crane");

    assertThat(LabelIndex.named(names, "a.txt").classOf("crane")).hasValue(3);
  }
}
