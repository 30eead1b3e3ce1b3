package dev.featuremap.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassWeightingTest {
  private static final List<String> NAMES = List.of("cat", "dog", "owl");
  private static final long[] IMAGES = {10, 70, 20};

  private final List<String> problems = new ArrayList<>();

  @Test
  void weighsNothingByDefault() {
    assertThat(read("").weighs()).isFalse();
    assertThat(read("class-weights = none").weighs()).isFalse();
    assertThat(problems).isEmpty();
  }

  /** {@code total / (classes * images)}, which scikit-learn calls balanced. */
  @Test
  void isInverseToTheImagesOfAClass() {
    assertThat(weights("class-weights = inverse"))
        .containsExactly(100f / 30, 100f / 210, 100f / 60);
  }

  @Test
  void isInverseToTheEffectiveNumberOfImages() {
    float[] weights = weights("class-weights = effective, class-weights-beta = 0.9");

    // (1 - 0.9^n) / (1 - 0.9) = 6.513215599, 9.993742623, 8.784233454
    assertThat(weights[0] / weights[1])
        .isCloseTo((float) (9.993742623 / 6.513215599), within(1e-5f));
    assertThat(weights[2] / weights[1])
        .isCloseTo((float) (9.993742623 / 8.784233454), within(1e-5f));
  }

  @Test
  void reachesFromEqualWeightsToInverseOnes() {
    assertThat(weights("class-weights = effective, class-weights-beta = 0"))
        .containsExactly(1, 1, 1);
    float[] inverse = weights("class-weights = inverse");
    float[] near = weights("class-weights = effective, class-weights-beta = 0.9999999");
    for (int c = 0; c < 3; c++) {
      assertThat(near[c]).isCloseTo(inverse[c], within(1e-4f));
    }
  }

  @Test
  void takesNumbersInTheOrderOfClassesOrByName() {
    float[] listed = weights("class-weights = [4, 1, 2]");

    assertThat(listed[0] / listed[1]).isEqualTo(4);
    assertThat(listed[2] / listed[1]).isEqualTo(2);
    assertThat(weights("class-weights = [8, 2, 4]")).containsExactly(listed);
    assertThat(weights("class-weights { cat = 4, owl = 2 }")).containsExactly(listed);
  }

  @Test
  void namesClassesWithoutNamesByTheirNumbers() {
    ClassWeighting named = read("class-weights { \"1\" = 3 }");

    assertThat(named.problem(List.of(), 3)).isEmpty();
    float[] weights = named.weights(IMAGES, List.of(), 3);
    assertThat(weights[1] / weights[0]).isCloseTo(3, within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class-weights = inverse",
        "class-weights = effective",
        "class-weights = [1, 2, 3]",
        "class-weights { dog = 0.01 }"
      })
  void isOneInTheMeanOverTheImages(String settings) {
    float[] weights = weights(settings);

    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += weights[c] * (double) IMAGES[c];
    }
    assertThat(sum / 100).isCloseTo(1, within(1e-6));
  }

  @Test
  void givesClassesWithoutImagesNoWeight() {
    assertThat(read("class-weights = inverse").weights(new long[] {5, 0, 15}, List.of(), 5))
        .containsExactly(2, 0, 20f / 30, 0, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class-weights = often | Cannot use train.class-weights: expected one of none, inverse, effective, got \"often\".",
        "class-weights = [1, 0] | Cannot use train.class-weights: each weight must be above 0, got [1.0, 0.0].",
        "class-weights = [1, a] | Cannot use train.class-weights: expected a number or a list of numbers, got [1,\"a\"].",
        "class-weights { cat = -1 } | Cannot use train.class-weights: \"cat\" must be a number above 0, got -1.",
        "class-weights-beta = 1 | Cannot use train.class-weights-beta: expected a number from 0 to below 1, got 1."
      })
  void refusesWhatIsNoWeight(String settings, String problem) {
    read(settings);

    assertThat(problems).containsExactly(problem);
  }

  @Test
  void refusesAnotherNumberOfWeightsThanClasses() {
    assertThat(read("class-weights = [1, 2]").problems(3, "train.stages[1]"))
        .containsExactly(
            "Cannot use train.stages[1].class-weights: the network has 3 classes, got 2 weights. Give one for each class, in the order of the labels.");
  }

  @Test
  void refusesAClassThatDoesNotExist() {
    assertThat(read("class-weights { cta = 2 }").problem(NAMES, 3))
        .hasValue(
            "Cannot use train.class-weights: no class is called \"cta\". The images have cat, dog, owl.");
    assertThat(read("class-weights { \"30\" = 2 }").problem(List.of(), 30))
        .hasValue(
            "Cannot use train.class-weights: no class is called \"30\". The images have 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 18 more.");
  }

  @Test
  void tellsTheWeightsInALine() {
    ClassWeighting effective = read("class-weights = effective");

    assertThat(effective.line(new float[] {2.5f, 0.25f}, List.of("cat", "dog")))
        .isEqualTo("class weights (effective, beta 0.999): cat 2.50, dog 0.250");
    assertThat(read("class-weights { dog = 2 }").line(new float[14], List.of()))
        .startsWith("class weights (given): 0 0.00, 1 0.00, ")
        .endsWith(", 11 0.00, …");
  }

  @Test
  void isNotUsedBeforeTheImagesAreCounted() {
    TrainingLoss loss = new TrainingLoss(0, 0, read("class-weights = inverse"), null, null);

    assertThatThrownBy(() -> Loss.SOFTMAX_CROSS_ENTROPY.over(3, KernelLookup.kernels(), loss))
        .hasMessage("Class weights are known once the images are counted.");
  }

  private float[] weights(String settings) {
    return read(settings).weights(IMAGES, NAMES, 3);
  }

  private ClassWeighting read(String settings) {
    Config config = ConfigFactory.parseString(settings);
    return ClassWeighting.read(Options.of(config, Defaults.of("train"), "train", problems));
  }
}
