package dev.featuremap.job.images.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class SourceMarksTest {
  private static final int MANY = 1_000_000;

  @Test
  void findsNoChangeWhereNothingChanged() {
    ObjectNode stored = marks(MANY, k -> "a/" + k, 7, 5).toJson();

    assertThat(marks(MANY, k -> "a/" + k, 7, 5).changeSince(stored)).isEmpty();
    assertThat(stored.toString()).hasSizeLessThan(11_000);
  }

  @Test
  void addsPartsInAnyOrder() {
    SourceMarks first = new SourceMarks(3).add(2, "c", 1, "").add(0, "a", 1, "");
    SourceMarks second = new SourceMarks(3).add(1, "b", 1, "");

    assertThat(second.add(first).toJson())
        .isEqualTo(
            new SourceMarks(3).add(0, "a", 1, "").add(1, "b", 1, "").add(2, "c", 1, "").toJson());
  }

  @Test
  void namesTheFileThatChanged() {
    ObjectNode stored = marks(200, k -> "a/" + k, 7, 5).toJson();

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
    ObjectNode stored = marks(MANY, k -> "a/" + (MANY + k), 7, 5).toJson();

    assertThat(
            marks(MANY, k -> k == 500_000 ? "a/b" : "a/" + (MANY + k), 7, 5).changeSince(stored))
        .hasValue(
            "one of the files 500,000 to 503,906, of which a/1500001 is the first, has another path, place or length");
  }

  @Test
  void seesThatTwoFilesHaveChangedPlaces() {
    ObjectNode stored = marks(MANY, k -> "a/" + k, 7, 5).toJson();

    assertThat(
            marks(MANY, k -> k == 8 ? "a/9" : k == 9 ? "a/8" : "a/" + k, 7, 5).changeSince(stored))
        .isPresent();
  }

  @Test
  void refusesMarksWithMissingParts() {
    ObjectNode stored = marks(3, k -> "a/" + k, 7, 5).toJson();
    stored.withArray("names").remove(0);

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
