package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Hocon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void sayWhatBecameOfKeysOfEarlierVersions() {
    Map<String, String> former =
        Map.of(
            "data.dir", "it is called data.path since version 0.2",
            "cache", "it went with version 0.2, as images are always kept");
    String text =
        """
        data.dir = elsewhere
        cache { on = true }
        data.pth = elsewhere
        """;

    Config conforming =
        Keys.conform(Hocon.parse(text, "my.conf"), BundledConf.defaults(), former, problems);

    assertThat(problems)
        .containsExactly(
            "Cannot use cache in my.conf line 2: it went with version 0.2, as images are always kept.",
            "Cannot use data.dir in my.conf line 1: it is called data.path since version 0.2.",
            "Cannot use data.pth in my.conf line 3: unknown key. Did you mean data.path?");
    assertThat(conforming).isEqualTo(ConfigFactory.parseString("data {}"));
  }
}
