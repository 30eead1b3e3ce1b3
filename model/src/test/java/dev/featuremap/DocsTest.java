package dev.featuremap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.LayerTypes.LayerType;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.optimizer.Optimizers;
import dev.featuremap.testing.Docs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages and Javadoc say of layers and optimizers is what the code has. */
class DocsTest {
  private static final String[] PAGES = {"conf/README.md", "README.md"};

  /** A line of a network file, and the shapes of its input and its output. */
  private static final Pattern EXAMPLE =
      Pattern.compile(" \\* (\\{ type = .*})\\s+# (\\[[0-9, ]+]) → (\\[[0-9, ]+])\n");

  @Test
  void theTableOfLayersHasEachTypeOnce() {
    List<String> listed =
        Docs.table("layer", PAGES).stream().flatMap(row -> Docs.code(row.get(0)).stream()).toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(LayerTypes.names());
  }

  @Test
  void theTableOfOptimizersHasEachWithItsSettings() {
    Map<String, List<String>> listed = new HashMap<>();
    for (List<String> row : Docs.table("optimizer", PAGES)) {
      Docs.code(row.get(0)).forEach(name -> listed.put(name, Docs.code(row.get(1))));
    }

    assertThat(listed.keySet()).containsExactlyInAnyOrderElementsOf(Optimizers.names());
    listed.forEach(
        (name, settings) ->
            assertThat(settings)
                .as(name)
                .containsExactlyInAnyOrderElementsOf(Optimizers.settings(name)));
  }

  @Test
  void theDefaultConfigurationNamesEachOptimizer() {
    assertThat(Docs.text(Path.of("../conf/train.conf")))
        .containsPattern("type = adam +# " + String.join(" \\| ", Optimizers.names()) + "\n");
  }

  @Test
  void theTableOfOptimizersTellsTheirOwnDefaults() {
    for (List<String> row : Docs.table("optimizer", PAGES)) {
      for (String name : Docs.code(row.get(0))) {
        Optimizers.defaults(name)
            .forEach((key, value) -> assertThat(row.get(1)).contains("`" + key + "` " + value));
      }
    }
  }

  static List<LayerType> layerTypes() {
    return List.copyOf(LayerTypes.all());
  }

  @ParameterizedTest
  @MethodSource("layerTypes")
  void eachLayersJavadocShowsALineOfANetworkFileAndTheShapesItJoins(LayerType type) {
    String source = type.spec().getName().replace('.', '/') + ".java";
    List<MatchResult> examples =
        EXAMPLE.matcher(Docs.text(Path.of("src/main/java", source))).results().toList();

    assertThat(examples).isNotEmpty();
    for (MatchResult example : examples) {
      String network =
          "input { shape = %s }, layers = [ %s, { type = fully-connected, outputs = 2 } ]"
              .formatted(example.group(2), example.group(1));
      PlannedLayer layer = NetworkPlan.of(NetworkSpec.parse(network)).layers().get(0);
      assertThat(layer.spec()).isInstanceOf(type.spec());
      assertThat(layer.output()).hasToString(example.group(3));
    }
  }
}
