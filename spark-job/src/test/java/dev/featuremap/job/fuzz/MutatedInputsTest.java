package dev.featuremap.job.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MutatedInputsTest {
  private static final int INPUTS = 1_000;
  private static final long SEED = 1;

  static Stream<String> names() throws Exception {
    return InputParsers.all().stream().map(InputParser::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void areTakenOrRefusedAndNothingElse(String name) throws Exception {
    InputParser parser = InputParsers.named(name);
    Trial trial = new Trial(parser);
    Mutations mutations = new Mutations(parser.seeds(), SEED);
    for (int number = 0; number < INPUTS; number++) {
      byte[] input = mutations.input(number);
      assertThat(trial.problem(input)).as("input %d of %s", number, name).isEmpty();
    }
  }

  @Test
  void wouldBeNoticedIfAParserBelievedAnything() throws Exception {
    InputParser believing =
        new InputParser(
            "believing",
            List.of(new byte[] {1}),
            input -> {
              byte[] allocated = new byte[(input.length == 0 ? 0 : input[0] & 0xff) << 16];
              allocated[allocated.length - 1] = 1;
            },
            List.of());
    Trial trial = new Trial(believing);

    assertThat(trial.problem(new byte[] {2})).isEmpty();
    assertThat(trial.problem(new byte[] {(byte) 255}))
        .hasValueSatisfying(problem -> assertThat(problem).startsWith("allocated 16,7"));
    assertThat(trial.problem(new byte[0]))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith("unforeseen java.lang.ArrayIndexOutOfBoundsException"));
  }

  @Test
  void mayFillATableOnce() throws Exception {
    byte[][] table = new byte[1][];
    InputParser learning =
        new InputParser(
            "learning",
            List.of(new byte[] {1}),
            input -> {
              if (input[0] == 2 && table[0] == null) {
                table[0] = new byte[16 << 20];
              }
            },
            List.of());

    assertThat(new Trial(learning).problem(new byte[] {2})).isEmpty();
  }

  @Test
  void wouldBeNoticedIfAParserDidNotEnd() throws Exception {
    InputParser slow =
        new InputParser(
            "slow",
            List.of(new byte[] {1}),
            input -> Thread.sleep(1100L * input.length),
            List.of());

    assertThat(new Trial(slow).problem(new byte[1])).hasValueSatisfying(MutatedInputsTest::isSlow);
    assertThat(new Trial(slow).problem(new byte[0])).isEqualTo(Optional.empty());
  }

  private static void isSlow(String problem) {
    assertThat(problem).startsWith("took 1");
  }
}
