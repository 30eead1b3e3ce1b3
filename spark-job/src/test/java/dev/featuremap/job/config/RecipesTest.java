package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.featuremap.job.record.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings of {@code conf/recipes} are ones that a run takes. */
class RecipesTest {

  static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../conf/recipes"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void areTaken(Path recipe) {
    JobConfigLoader loader = new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));

    // Weights to start from are the user's.
    ConfigRequest request =
        ConfigRequest.defaults()
            .withFile(recipe.toUri().toString())
            .withAssignments("train.init-except=[]");

    assertThatCode(() -> loader.load(request)).doesNotThrowAnyException();
  }
}
