package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Sha256;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of {@code conf/networks} that have the tensors of another project's. */
class ArchitecturesTest {
  private static final Path TABLE =
      Path.of("src/test/resources/dev/featuremap/job/config/architectures.tsv");

  /** A line of the table, which says what its columns are. */
  record Architecture(String name, int parameters, int tensors, String sha256) {
    static Architecture of(String line) {
      String[] cells = line.split("\t", -1);
      return new Architecture(
          cells[0], Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), cells[3]);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Architecture> architectures() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> !line.startsWith("#"))
        .map(Architecture::of);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void hasTheTensorsOfItsModel(Architecture architecture) throws IOException {
    NetworkPlan plan = plan(architecture.name());

    List<String> tensors =
        Stream.concat(plan.tensors().stream(), plan.bufferTensors().stream())
            .map(ArchitecturesTest::line)
            .sorted()
            .toList();
    assertThat(plan.parameters()).isEqualTo(architecture.parameters());
    assertThat(tensors).hasSize(architecture.tensors());
    byte[] digest =
        Sha256.start().digest(String.join("", tensors).getBytes(StandardCharsets.UTF_8));
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(architecture.sha256());
    assertThat(plan.classes()).isEqualTo(1000);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void saysHowManyParametersItHas(Architecture architecture) throws IOException {
    assertThat(Files.readString(Path.of("../conf/networks/" + architecture.name() + ".conf")))
        .contains(
            String.format(
                Locale.ROOT, "# %,d parameters with 1000 classes.\n", architecture.parameters()));
  }

  private static NetworkPlan plan(String name) {
    JobConfig config =
        JobConfigLoader.of(new Configuration())
            .load(ConfigRequest.defaults().withAssignments("network=" + name));
    return NetworkPlan.of(config.network());
  }

  private static String line(PlannedTensor tensor) {
    List<Integer> sizes = new ArrayList<>(tensor.spec().dimensions());
    while (!sizes.isEmpty() && sizes.get(sizes.size() - 1) == 1) {
      sizes.remove(sizes.size() - 1);
    }
    return tensor.name()
        + sizes.stream().map(size -> " " + size).collect(Collectors.joining())
        + "\n";
  }
}
