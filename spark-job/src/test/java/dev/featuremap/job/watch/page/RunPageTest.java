package dev.featuremap.job.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPageTest {
  private static final NetworkPlan NETWORK =
      NetworkPlan.of(
          NetworkSpec.parse(
              "input { shape = [1, 2, 2], mean = 0, deviation = 1 }, layers = [{ type = fully-connected, outputs = 2 }], loss = softmax-cross-entropy"));

  private final PageData data =
      new PageData("<run>", NETWORK, "path = \"</script><script>alert(1)</script>{{report.js}}\"");

  @Test
  void needsNoNetwork() {
    assertThat(RunPage.html(data).replaceAll("https?://(www.w3.org|github.com/leeoniya)[^ ]*", ""))
        .doesNotContain("http:", "https:", "src=", "href=", "@import", "{{uplot", "{{data}}");
  }

  @Test
  void lettersOfSettingsEndNoScriptAndNameNoPart() {
    String page = RunPage.html(data);

    assertThat(page).contains("\\u003c/script>\\u003cscript>alert(1)\\u003c/script>{{report.js}}");
    assertThat(page.split("</script>", -1)).hasSize(4);
    assertThat(page).contains("<title>&lt;run></title>");
  }

  @Test
  void takesNoValueForThePlaceOfAnother() {
    for (String id : List.of("{{report.js}}", "{{data}}", "$1 \\ {{uplot.css}}", "{{title}}")) {
      String page = RunPage.html(new PageData(id, NETWORK, "{{title}}{{uplot.js}}"));

      assertThat(page)
          .contains("<title>" + id + "</title>", "\"settings\":\"{{title}}{{uplot.js}}\"");
    }
  }

  @Test
  void leavesOutTimesThatNobodyKnows() {
    data.times(Map.of("load", Double.NaN));

    assertThat(data.json()).contains("\"times\":[]");
  }
}
