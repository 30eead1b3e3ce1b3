package dev.featuremap.job.images.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.images.source.SourceMarks.Stored;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class SourceMarksTest {
  private static final int MANY = 1_000_000;

  @Test
  void findsNoChangeWhereNothingChanged() {
    Stored stored = marks(MANY, k -> "a/" + k, 7, 5).stored();

    assertThat(marks(MANY, k -> "a/" + k, 7, 5).changeSince(stored)).isEmpty();
    assertThat(stored.names()).hasSize(256);
  }

  @Test
  void addsPartsInAnyOrder() {
    SourceMarks first = new SourceMarks(3).add(2, "c", 1, "").add(0, "a", 1, "");
    SourceMarks second = new SourceMarks(3).add(1, "b", 1, "");

    assertThat(second.add(first).stored())
        .isEqualTo(
            new SourceMarks(3).add(0, "a", 1, "").add(1, "b", 1, "").add(2, "c", 1, "").stored());
  }

  @Test
  void namesTheFileThatChanged() {
    Stored stored = marks(200, k -> "a/" + k, 7, 5).stored();

    assertThat(marks(200, k -> k == 17 ? "a/b" : "a/" + k, 7, 5).changeSince(stored))
        .hasValue("a/b has another path, place or length");
    assertThat(marks(200, k -> "a/" + k, 8, 5).changeSince(stored))
        .hasValue("a/0 has another path, place or length, and others too");
    assertThat(marks(200, k -> "a/" + k, 7, 6).changeSince(stored))
        .hasValue("a/0 was written again, and others too");
    assertThat(marks(199, k -> "a/" + k, 7, 5).changeSince(stored))
        .hasValue("there are 199 files, and there were 200");
  }

  @Test
  void namesThePlaceAmongManyFiles() {
    Stored stored = marks(MANY, k -> "a/" + (MANY + k), 7, 5).stored();

    assertThat(marks(MANY, k -> k == 500_000 ? "a/b" : "a/" + (MANY + k), 7, 5).changeSince(stored))
        .hasValue(
            "one of the files 500,000 to 503,906, of which a/1500001 is the first, has another path, place or length");
  }

  @Test
  void seesThatTwoFilesHaveChangedPlaces() {
    Stored stored = marks(MANY, k -> "a/" + k, 7, 5).stored();

    assertThat(
            marks(MANY, k -> k == 8 ? "a/9" : k == 9 ? "a/8" : "a/" + k, 7, 5).changeSince(stored))
        .isPresent();
  }

  @Test
  void refusesMarksWithMissingParts() {
    Stored stored = new Stored(3, List.of("0", "1"), List.of());

    assertThatThrownBy(() -> marks(3, k -> "a/" + k, 7, 5).changeSince(stored))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 3 parts, got 2");
  }

  private static SourceMarks marks(int files, LongFunction<String> path, long length, long time) {
    SourceMarks marks = new SourceMarks(files);
    for (long place = 0; place < files; place++) {
      marks.add(place, path.apply(place), length, Long.toString(time));
    }
    return marks;
  }
}
