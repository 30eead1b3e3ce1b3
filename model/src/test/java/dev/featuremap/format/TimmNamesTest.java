package dev.featuremap.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.Sha256;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.network.PlannedTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimmNamesTest {
  private static final Path TABLE = Path.of("src/test/resources/dev/featuremap/format/timm.tsv");

  /** A line of the table, which says what its columns are. */
  record Pair(String timm, String network, List<String> blocks, int tensors, String sha256) {
    static Pair of(String line) {
      String[] cells = line.split("\t", -1);
      List<String> blocks = new ArrayList<>();
      String[] counts = cells[2].equals("-") ? new String[0] : cells[2].split(",", -1);
      for (int stage = 0; stage < counts.length; stage++) {
        for (int k = 0; k < Integer.parseInt(counts[stage]); k++) {
          blocks.add("blocks.%s.%s".formatted(stage, k));
        }
      }
      return new Pair(cells[0], cells[1], blocks, Integer.parseInt(cells[3]), cells[4]);
    }

    NetworkPlan plan() throws IOException {
      return NetworkPlan.of(
          NetworkSpec.parse(Files.readString(Path.of("../conf/networks/" + network + ".conf"))));
    }

    @Override
    public String toString() {
      return timm;
    }
  }

  static Stream<Pair> pairs() throws IOException {
    return Files.readAllLines(TABLE).stream().filter(line -> !line.startsWith("#")).map(Pair::of);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void saysTheNamesThatTimmGives(Pair pair) throws IOException {
    List<String> schemes = new ArrayList<>();
    List<SafetensorsEntry> entries = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    NetworkPlan plan = pair.plan();

    Map<String, List<Integer>> shapes = timmShapes(pair, plan, schemes);
    shapes.keySet().stream().sorted().forEach(name -> lines.append(line(name, shapes.get(name))));
    shapes.forEach(
        (name, shape) ->
            entries.add(
                new SafetensorsEntry(
                    "module." + name, "F32", shape.stream().map(Long::valueOf).toList(), 0, 0)));

    assertThat(shapes).hasSize(pair.tensors());
    byte[] digest = Sha256.start().digest(lines.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(pair.sha256());
    Set<String> all = StateDictionary.namesOf(plan.modelTensors());
    TensorMatch match = NamingScheme.match(entries, all, all, TensorNames.PLAIN, "m.st");
    assertThat(match.found()).hasSize(pair.tensors());
    assertThat(match.prefix()).isEqualTo("module.");
    assertThat(match.scheme().stream().map(NamingScheme::family)).isEqualTo(schemes);
  }

  /** Shapes by timm's names, and the scheme that has these names if they are not the network's. */
  private static Map<String, List<Integer>> timmShapes(
      Pair pair, NetworkPlan plan, List<String> schemes) {
    Set<String> all = StateDictionary.namesOf(plan.modelTensors());
    Map<String, String> names = new HashMap<>();
    TimmNames.SCHEMES.stream()
        .filter(scheme -> scheme.fits(all))
        .forEach(
            scheme -> {
              schemes.add(scheme.family());
              scheme.aliases(all, pair.blocks()).forEach((timm, name) -> names.put(name, timm));
            });
    Map<String, List<Integer>> shapes = new HashMap<>();
    for (PlannedTensor tensor : plan.modelTensors()) {
      shapes.put(names.getOrDefault(tensor.name(), tensor.name()), tensor.spec().dimensions());
    }
    return shapes;
  }

  private static String line(String name, List<Integer> shape) {
    return "%s %s %s\n"
        .formatted(name, shape.get(0), shape.stream().skip(1).reduce(1, (a, b) -> a * b));
  }
}
