package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import dev.featuremap.job.record.RunId;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds conf/ and the code together. */
class TrainConfTest {
  private static final String NO_VALUE_OF_ANY_KEY = "{ no = value }";

  private final JobConfigLoader loader =
      new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));

  static List<String> keys() {
    return Keys.all();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void holdsNoKeyThatTheCodeDoesNotRead(String key) {
    assertThat(problems(key + "=" + NO_VALUE_OF_ANY_KEY))
        .as("a value that no key takes is refused")
        .isNotEmpty()
        .allMatch(problem -> problem.contains(key) || key.equals("network"));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aloneHoldsTheDefaultsOfTheCode(String key) {
    Config settings = withNetwork(BundledConf.defaults());

    assertThatThrownBy(() -> read(settings.withoutPath(key), BundledConf.defaults(), key))
        .as("a key that no default stands for")
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The defaults lack %s.".formatted(key));
  }

  @Test
  void completesSettingsThatLackEverythingButANetwork() {
    Config onlyNetwork = withNetwork(BundledConf.defaults()).withOnlyPath("network");
    JobConfig completed =
        JobConfigReader.read(
            onlyNetwork, BundledConf.defaults(), () -> RunId.of("fresh"), new ArrayList<>());
    JobConfig defaults =
        JobConfigReader.read(
            withNetwork(BundledConf.defaults()),
            BundledConf.defaults(),
            () -> RunId.of("fresh"),
            new ArrayList<>());

    assertThat(completed.training())
        .usingRecursiveComparison()
        .ignoringFields("schedule")
        .isEqualTo(defaults.training());
    assertThat(completed.data()).isEqualTo(defaults.data());
    assertThat(completed.output()).isEqualTo(defaults.output());
    assertThat(completed.limits()).isEqualTo(defaults.limits());
    assertThat(completed.sync()).isEqualTo(defaults.sync());
    assertThat(completed.checkpoint()).isEqualTo(defaults.checkpoint());
    assertThat(completed.earlyStopping()).isEqualTo(defaults.earlyStopping());
    assertThat(completed.tracking()).isEqualTo(defaults.tracking());
  }

  @Test
  void commentsEveryKeyInItsLine() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../conf/train.conf"));

    assertThat(lines.stream().filter(line -> line.matches("[^#]*=.*")))
        .hasSameSizeAs(Keys.all())
        .allMatch(line -> line.matches("[^#]*= [^#]+ # .{10,}"));
  }

  @Test
  void listsEveryNetworkFile() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../conf/networks"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".conf", "")))
          .containsExactlyInAnyOrderElementsOf(BundledConf.NETWORKS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "seed, 4408",
    "shallow, 79510",
    "one-conv, 289630",
    "two-conv-sigmoid, 85670",
    "two-conv-relu, 85670",
    "two-conv-dropout, 1672570",
    "four-conv-dropout, 330154",
    "lenet-5, 61706",
    "vgg-small, 2196810",
    "resnet-8, 78042",
    "resnet-20, 272474",
    "resnet-32, 466906",
    "resnet-56, 855770",
    "resnet-18, 11689512",
    "resnet-50, 25557032",
    "mobilenet-like, 543050"
  })
  void statesTheParametersOfEachNetwork(String name, int parameters) throws IOException {
    JobConfig config = loader.load(ConfigRequest.defaults().withAssignments("network=" + name));

    assertThat(NetworkPlan.of(config.network()).parameters()).isEqualTo(parameters);
    assertThat(Files.readString(Path.of("../conf/networks/" + name + ".conf")))
        .contains(String.format(Locale.ROOT, "%,d parameters", parameters));
  }

  private List<String> problems(String assignment) {
    try {
      loader.load(ConfigRequest.defaults().withAssignments(assignment));
      return List.of();
    } catch (SpecException e) {
      return e.problems();
    }
  }

  private static JobConfig read(Config settings, Config defaults, String without) {
    return JobConfigReader.read(
        settings, defaults.withoutPath(without), () -> RunId.of("fresh"), new ArrayList<>());
  }

  private static Config withNetwork(Config settings) {
    return settings.withValue("network", BundledConf.network("seed").root());
  }
}
