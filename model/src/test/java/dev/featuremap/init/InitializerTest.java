package dev.featuremap.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InitializerTest {
  private static final int FAN_IN = 50;
  private static final int FAN_OUT = 150;
  private static final int SIZE = 200_000;

  static Stream<Arguments> variances() {
    return Stream.of(
        Arguments.of(Initializer.HE_NORMAL, 2.0 / FAN_IN),
        Arguments.of(Initializer.HE_UNIFORM, 2.0 / FAN_IN),
        Arguments.of(Initializer.GLOROT_NORMAL, 2.0 / (FAN_IN + FAN_OUT)),
        Arguments.of(Initializer.GLOROT_UNIFORM, 2.0 / (FAN_IN + FAN_OUT)),
        Arguments.of(Initializer.LECUN_NORMAL, 1.0 / FAN_IN),
        Arguments.of(Initializer.UNIT_NORMAL, 1.0));
  }

  static Stream<Initializer> random() {
    return variances().map(arguments -> (Initializer) arguments.get()[0]);
  }

  @ParameterizedTest
  @MethodSource("variances")
  void hasMeanZeroAndTheVarianceOfItsPaper(Initializer initializer, double variance) {
    double sum = 0;
    double squares = 0;
    for (float value : draw(initializer, 7, 0)) {
      sum += value;
      squares += (double) value * value;
    }
    // Relative standard errors: the mean's 0.0022, the variance's 0.0032 at most.
    assertThat(sum / SIZE).isCloseTo(0, within(0.01 * StrictMath.sqrt(variance)));
    assertThat(squares / SIZE).isCloseTo(variance, within(0.015 * variance));
  }

  @ParameterizedTest
  @MethodSource("random")
  void givesTheSameBitsForTheSameSeedAndOthersForAnother(Initializer initializer) {
    float[] values = draw(initializer, 7, 3);
    assertThat(values).isEqualTo(draw(initializer, 7, 3));
    assertThat(values[0]).isNotEqualTo(draw(initializer, 8, 3)[0]);
    assertThat(values[0]).isNotEqualTo(draw(initializer, 7, 4)[0]);
  }

  @ParameterizedTest
  @MethodSource("random")
  void dependsOnThePlaceInTheTensorAlone(Initializer initializer) {
    float[] values = new float[20];
    initializer.fill(values, 5, 15, 7, 0, FAN_IN, FAN_OUT);
    float[] start = Arrays.copyOf(draw(initializer, 7, 0), 10);
    assertThat(Arrays.copyOfRange(values, 5, 15)).isEqualTo(start);
    assertThat(Arrays.copyOf(values, 5)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(values, 15, 20)).containsOnly(0f);
  }

  @Test
  void uniformValuesStayInsideTheirLimit() {
    assertInside(draw(Initializer.HE_UNIFORM, 7, 0), StrictMath.sqrt(6.0 / FAN_IN));
    assertInside(draw(Initializer.GLOROT_UNIFORM, 7, 0), StrictMath.sqrt(6.0 / (FAN_IN + FAN_OUT)));
  }

  @Test
  void aTenthOfAPercentOfNormalValuesLiesBeyondThreeDeviations() {
    long beyond = 0;
    for (float value : draw(Initializer.UNIT_NORMAL, 7, 0)) {
      beyond += Math.abs(value) > 3 ? 1 : 0;
    }
    // Both tails together hold 0.27 %: 540 of 200,000, standard deviation 23.
    assertThat(beyond).isBetween(425L, 655L);
  }

  @Test
  void zerosOverwriteWhatWasThere() {
    float[] values = {1, 2, 3, 4};
    Initializer.ZEROS.fill(values, 1, 3, 7, 0, FAN_IN, FAN_OUT);
    assertThat(values).containsExactly(1, 0, 0, 4);
  }

  /** The values come from {@code golden-values.py} beside this file. */
  @Test
  void goldenValuesNeverChange() {
    assertThat(Arrays.copyOf(draw(Initializer.UNIT_NORMAL, 42, 0), 4))
        .containsExactly(-0.77474034f, -0.5812095f, -0.5561651f, -0.029566798f);
    assertThat(Arrays.copyOf(draw(Initializer.HE_NORMAL, 42, 1), 4))
        .containsExactly(-0.42609513f, -0.13562725f, 0.28102335f, 0.15231521f);
    assertThat(Arrays.copyOf(draw(Initializer.GLOROT_UNIFORM, 42, 2), 4))
        .containsExactly(0.09981602f, -0.10646006f, -0.12183967f, 0.15992111f);
  }

  @Test
  void everyInitializerIsReadByItsName() {
    List<String> names =
        List.of(
            "zeros",
            "ones",
            "he-normal",
            "he-uniform",
            "glorot-normal",
            "glorot-uniform",
            "lecun-normal",
            "unit-normal");
    assertThat(names.stream().map(name -> read("initializer = " + name)))
        .containsExactly(Initializer.values());
  }

  @Test
  void anAbsentNameGivesTheFallback() {
    assertThat(read("")).isEqualTo(Initializer.HE_NORMAL);
  }

  private static Initializer read(String hocon) {
    List<String> problems = new ArrayList<>();
    Options options = Options.of(ConfigFactory.parseString(hocon), "layer fc", problems);
    Initializer initializer = options.choice("initializer", Initializer.HE_NORMAL);
    assertThat(problems).isEmpty();
    return initializer;
  }

  private static float[] draw(Initializer initializer, long seed, int tensor) {
    float[] values = new float[SIZE];
    initializer.fill(values, 0, SIZE, seed, tensor, FAN_IN, FAN_OUT);
    return values;
  }

  private static void assertInside(float[] values, double limit) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isLessThan((float) limit).isGreaterThan((float) (0.999 * limit));
  }
}
