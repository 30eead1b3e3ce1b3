package dev.featuremap.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleTest {
  @Test
  void escapesWhatControlsATerminalOrALog() {
    assertThat(Visible.of("a\nb\rc\td\u001b[31m\u0000\u007f\u0085\u009b"))
        .isEqualTo("a\\nb\\rc\\td\\u001B[31m\\u0000\\u007F\\u0085\\u009B");
  }

  @Test
  void escapesSeparatorsAndWhatTurnsLetters() {
    assertThat(Visible.of("\u2028\u2029\u202a\u202e\u2066\u2069\u200e\u200f\u061c"))
        .isEqualTo("\\u2028\\u2029\\u202A\\u202E\\u2066\\u2069\\u200E\\u200F\\u061C");
  }

  @Test
  void leavesLettersOfAllScriptsAlone() {
    String text = "café Ünï 猫 قطة \ud83d\udc31 می\u200cخواهم × %s \\n";

    assertThat(Visible.of(text)).isSameAs(text);
  }

  @Test
  void keepsLinesWhereThereAreSome() {
    assertThat(Visible.lines("a\n  b\r\u001b")).isEqualTo("a\n  b\\r\\u001B");
  }

  @Test
  void holdsForEachProblemOfSettings() {
    SpecException e = new SpecException(List.of("got a\nb", "got \u001b"));

    assertThat(e.problems()).containsExactly("got a\\nb", "got \\u001B");
    assertThat(e).hasMessage("got a\\nb\ngot \\u001B");
  }
}
