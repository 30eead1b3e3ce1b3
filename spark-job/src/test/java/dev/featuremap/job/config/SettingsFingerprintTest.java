package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class SettingsFingerprintTest {
  private static final SortedMap<String, String> VALUES =
      canonical("b = 0.10, a { list = [1e-8, { c = text }], flag = true, none = null }");

  @Test
  void isSortedByPathAndWritesEqualNumbersEqually() {
    assertThat(VALUES.entrySet().stream().map(Object::toString))
        .containsExactly(
            "a.flag=true", "a.list[0]=0.00000001", "a.list[1].c=\"text\"", "a.none=null", "b=0.1");
    assertThat(canonical("b = 0.1")).isEqualTo(canonical("b = 1e-1"));
    assertThat(canonical("b = 10")).isEqualTo(canonical("b = 10.0"));
  }

  @Test
  void tellsTextFromNumbers() {
    assertThat(canonical("b = 10")).isNotEqualTo(canonical("b = \"10\""));
  }

  /** Runs of earlier versions must be recognised: sha256sum of the lines above says the same. */
  @Test
  void hasADigestThatNeverChanges() {
    assertThat(SettingsFingerprint.sha256(VALUES))
        .isEqualTo("a3250eb2627bb08ed82839ea42544823311daa6d4c0a0ed8a8edc1d1292df719");
  }

  @Test
  void listsWhatChangedAppearedAndVanished() {
    assertThat(
            SettingsFingerprint.differences(
                canonical("a = 1, b = 2, c = 3"), canonical("a = 1, b = 4, d = 5")))
        .containsExactly("b: was 2, is 4", "c: was 3, is absent", "d: was absent, is 5");
  }

  private static SortedMap<String, String> canonical(String hocon) {
    return SettingsFingerprint.of(ConfigFactory.parseString(hocon));
  }
}
