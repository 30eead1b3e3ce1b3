package dev.featuremap.job.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DFSUtilClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manual__2026-11-22T00:00:00+00:00",
        "scheduled__2026-11-22T00:00:00.123456+01:00",
        "dataset_triggered__2026-11-22T00:00:00+00:00_a1B2",
        "20261122-181500-ab12",
        "with space, comma & percent % tilde ~ back\\slash",
        "~",
        "~3A",
        "a..b",
        "-",
        "Zürich 数字 😀",
        "tab\tand\nnewline"
      })
  void comesBackFromItsDirectoryNameWhichIsLegalOnHdfs(String text) {
    RunId id = RunId.of(text);

    assertThat(id.text()).isEqualTo(text);
    String escapes = id.directoryName().replace('~', '%');
    assertThat(URLDecoder.decode(escapes, StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(id.directoryName()).matches("[A-Za-z0-9._=~-]+");
    Path path = new Path("hdfs://nn/runs", id.directoryName());
    assertThat(DFSUtilClient.isValidName(path.toUri().getPath())).isTrue();
    assertThat(path.getName()).isEqualTo(id.directoryName());
  }

  @Test
  void writesOtherCharactersAsTildeAndHexadecimalBytes() {
    assertThat(RunId.of("manual__2026-11-22T00:00:00+00:00").directoryName())
        .isEqualTo("manual__2026-11-22T00~3A00~3A00~2B00~3A00");
    assertThat(RunId.of("~é").directoryName()).isEqualTo("~7E~C3~A9");
  }

  @Test
  void leavesPlainIdsAsTheyAre() {
    assertThat(RunId.of("20261122-181500_ab.1=2").directoryName())
        .isEqualTo("20261122-181500_ab.1=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``       | it must not be empty.",
        ".hidden  | it must not start with . or _.",
        "..       | it must not start with . or _.",
        "_tmp     | it must not start with . or _.",
        "a/b      | it must not contain /.",
        "../up    | it must not start with . or _.",
      })
  void refusesIdsThatLeadElsewhere(String text, String rule) {
    assertThatThrownBy(() -> RunId.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot use run id \"%s\": %s".formatted(text, rule));
  }

  @Test
  void takesUpTo200Characters() {
    assertThat(RunId.of("x".repeat(200)).directoryName()).hasSize(200);
    assertThatThrownBy(() -> RunId.of("x".repeat(201)))
        .hasMessage(
            "Cannot use run id \"%s...\": it has 201 characters, expected at most 200."
                .formatted("x".repeat(57)));
  }

  @Test
  void refusesDirectoryNamesThatFileSystemsCannotHold() {
    assertThat(RunId.of(":".repeat(85)).directoryName()).hasSize(255);
    assertThatThrownBy(() -> RunId.of(":".repeat(86)))
        .hasMessageEndingWith("its directory name has 258 bytes, expected at most 255.");
  }

  @Test
  void refusesHalfASurrogatePair() {
    assertThatThrownBy(() -> RunId.of("a\ud83d"))
        .hasMessageEndingWith("it contains half a surrogate pair, which is no character.");
  }

  @Test
  void generatesATimeAndFourRandomDigits() {
    Instant now = Instant.parse("2026-11-22T18:15:00Z");

    assertThat(RunId.generate(now, new Random(1)).text()).matches("20261122-181500-[0-9a-f]{4}");
    assertThat(RunId.generate(now, new Random(1))).isNotEqualTo(RunId.generate(now, new Random(2)));
  }
}
