package dev.featuremap.job.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.SmallRun;
import dev.featuremap.job.testing.SparkProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunReportTest {
  @RegisterExtension static final SparkProperties SPARK = new SparkProperties();

  @TempDir private Path directory;
  private SmallRun run;

  @BeforeEach
  void prepare() throws IOException {
    Path data = SmallRun.digits(Files.createDirectory(directory.resolve("data")));
    run = SmallRun.of(data, directory.resolve("runs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pixels", "encoded"})
  void showsWhatTheRunHasLearned(String keep) throws IOException {
    run.with("data.keep", keep).train();

    JsonNode page = page();
    assertThat(page.at("/run/state").textValue()).isEqualTo("FINISHED");
    assertThat(page.get("history")).hasSize(2);
    assertThat(page.get("confusion")).hasSize(10);
    assertThat(page.get("mistakes")).hasSize(24);
    assertThat(page.at("/mistakes/0/margin").doubleValue())
        .isGreaterThanOrEqualTo(page.at("/mistakes/23/margin").doubleValue());
    assertThat(page.at("/mistakes/0/pixels").binaryValue()).hasSize(784);
    assertThat(page.at("/cams/layer").textValue()).isEqualTo("max_pool1");
    assertThat(page.at("/cams/shape")).hasToString("[12,12]");
    assertThat(page.at("/cams/mistakes")).hasSize(24);
    assertThat(page.at("/cams/mistakes/23/1").binaryValue()).hasSize(144);
    assertThat(page.get("samples")).hasSize(4);
    assertThat(page.at("/filters/shape")).hasToString("[1,5,5]");
    assertThat(page.at("/maps/0/shape")).hasToString("[3,24,24]");
    assertThat(page.get("times")).isNotEmpty();
  }

  @Test
  void saysWhyARunFailed() throws IOException {
    SmallRun diverging = run.with("train.learning-rate", 1e30);

    assertThatThrownBy(diverging::train).isInstanceOf(JobException.class);

    assertThat(page().at("/run/state").textValue()).isEqualTo("FAILED");
    assertThat(page().at("/run/reason").textValue()).startsWith("Cannot go on training: ");
  }

  private JsonNode page() throws IOException {
    String html = Files.readString(Path.of(run.directory().report().toUri()));
    String start = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(start) + start.length();
    return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
  }
}
