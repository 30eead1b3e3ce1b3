package dev.featuremap.job.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final String TEXT =
      "{\"names\":[\"a\",\"b\"],\"parts\":[{\"n\":1},{\"n\":2}],\"inner\":{\"on\":true},\"x\":null}";

  @Test
  void readsListsAndObjectsWithin() {
    Json.Fields fields = Json.parse(TEXT, "a.json");

    assertThat(fields.texts("names")).containsExactly("a", "b");
    assertThat(fields.objects("parts"))
        .extracting(part -> part.integer("n"))
        .isEqualTo(List.of(1, 2));
    assertThat(fields.within("inner").flag("on")).isTrue();
    assertThat(fields.number("x")).isNaN();
    assertThat(fields.optionalText("x")).isEmpty();
  }

  @Test
  void namesTheFileWhereAFieldIsNotAsExpected() {
    Json.Fields fields = Json.parse(TEXT, "a.json");

    assertThatThrownBy(() -> fields.texts("parts"))
        .isInstanceOf(JobException.class)
        .hasMessage("Cannot read a.json: parts must be a text, got {\"n\":1}.");
    assertThatThrownBy(() -> fields.within("inner").integer("off"))
        .hasMessage("Cannot read a.json: off must be an integer, got nothing.");
    assertThatThrownBy(() -> fields.finiteNumber("x"))
        .hasMessage("Cannot read a.json: x must be a number, got null.");
  }

  @Test
  void leavesTheNameOfAPartToItsReader() throws IOException {
    Json.Fields part = Json.part(TEXT.getBytes(UTF_8));

    assertThatThrownBy(() -> part.flag("names"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("got [\"a\",\"b\"], expected true or false as names");
    assertThatThrownBy(() -> Json.part("[]".getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.part("{} {}".getBytes(UTF_8))).isInstanceOf(IOException.class);
  }

  @Test
  void takesWhatOthersWriteAsItComes() throws IOException {
    assertThat(Json.foreign("{\"a\":1,\"a\":2} tail".getBytes(UTF_8)).get("a").intValue())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void refusesWhatIsNestedTooDeep(String opening) {
    String text = "{\"a\":" + opening.repeat(100_000);

    assertThatThrownBy(() -> Json.parse(text, "a.json"))
        .isInstanceOf(JobException.class)
        .hasMessageMatching("Cannot read a.json: .*nesting depth .*\\.");
    assertThatThrownBy(() -> Json.part(text.getBytes(UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> Json.foreign(text.getBytes(UTF_8)))
        .isInstanceOf(JsonProcessingException.class);
  }
}
