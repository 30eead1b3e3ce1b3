package dev.featuremap.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.optimizer.StateLayout.Matrix;
import dev.featuremap.optimizer.StateLayout.Range;
import dev.featuremap.optimizer.StateLayout.Rate;
import dev.featuremap.spec.Options;
import dev.featuremap.testing.Allocations;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract holds for what is no matrix; matrices are below. */
class MuonTest extends ElementwiseContract {
  private static final int AT = 3;
  private static final int AFTER = 2;

  @Override
  Optimizer optimizer(boolean decays) {
    return new Muon(0.9, 0.9, 0.999, 1e-8, decays ? 0.1 : 0);
  }

  @Override
  void reference(double[] values, double gradient, boolean decayed, double rate, long step) {
    values[0] -= decayed ? rate * 0.1 * values[0] : 0;
    values[1] = 0.9 * values[1] + 0.1 * gradient;
    values[2] = 0.999 * values[2] + 0.001 * gradient * gradient;
    double mean = values[1] / (1 - Math.pow(0.9, (double) step));
    double square = values[2] / (1 - Math.pow(0.999, (double) step));
    values[0] -= rate * mean / (Math.sqrt(square) + 1e-8);
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "6, 25", "20, 16", "33, 40", "100, 7", "16, 144"})
  void followsTheFormulaForMatrices(int rows, int columns) {
    int size = rows * columns;
    StateLayout layout = layout(rows, columns, List.of());
    float[] state = state(layout);
    double[] parameters = new double[size];
    double[] momentum = new double[size];
    for (int i = 0; i < size; i++) {
      parameters[i] = state[AT + i];
    }

    for (int step = 1; step <= 4; step++) {
      float[] gradient = random(layout.parameters(), 10 + step);
      Updates.once(optimizer(true), state, layout, gradient, 0.05, step);
      double[] direction = new double[size];
      for (int i = 0; i < size; i++) {
        momentum[i] = 0.9 * momentum[i] + gradient[AT + i];
        direction[i] = gradient[AT + i] + 0.9 * momentum[i];
      }
      double[] orthogonal = orthogonal(direction, rows, columns);
      for (int i = 0; i < size; i++) {
        parameters[i] -=
            0.05 * 0.1 * parameters[i]
                + 0.05 * 0.2 * Math.sqrt(Math.max(rows, columns)) * orthogonal[i];
      }
    }

    for (int i = 0; i < size; i++) {
      assertThat((double) state[AT + i]).isCloseTo(parameters[i], within(1e-5));
      assertThat((double) state[layout.slotAt(0) + AT + i]).isCloseTo(momentum[i], within(1e-5));
      assertThat(state[layout.slotAt(1) + AT + i]).isZero();
    }
  }

  /** The formula of {@link Orthogonalization} in double, with X as it is. */
  private static double[] orthogonal(double[] matrix, int rows, int columns) {
    double norm = Math.sqrt(Arrays.stream(matrix).map(v -> v * v).sum()) + 1e-7;
    double[][] x = new double[rows][columns];
    for (int i = 0; i < matrix.length; i++) {
      x[i / columns][i % columns] = matrix[i] / norm;
    }
    x = rows > columns ? transposed(x) : x;
    for (int iteration = 0; iteration < 5; iteration++) {
      double[][] a = product(x, transposed(x));
      double[][] squares = product(a, a);
      double[][] factor = new double[a.length][a.length];
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < a.length; j++) {
          factor[i][j] = (i == j ? 3.4445 : 0) - 4.7750 * a[i][j] + 2.0315 * squares[i][j];
        }
      }
      x = product(factor, x);
    }
    double[][] found = rows > columns ? transposed(x) : x;
    return Arrays.stream(found).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][] product(double[][] left, double[][] right) {
    double[][] result = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right[0].length; j++) {
        for (int k = 0; k < right.length; k++) {
          result[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return result;
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }

  /**
   * Four steps of PyTorch 2.15's {@code torch.optim.Muon} with {@code match_rms_adamw}, its
   * iterations in float32.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 3, 0.8851822 0.9142619 0.0764640 -0.6959299 -0.9895930 -0.2678427",
    "3, 2, 0.8765174 0.9556979 0.1324221 -0.7182515 -1.0091221 -0.2601049"
  })
  void hasTheStepsOfPyTorch(int rows, int columns, String expected) {
    StateLayout layout =
        new StateLayout(
            6, 2, 0, List.of(new Range(0, 6)), List.of(), List.of(matrix(0, rows, columns)));
    float[] state = new float[18];
    for (int i = 0; i < 6; i++) {
      state[i] = (float) Math.sin(1 + i);
    }

    for (int step = 0; step < 4; step++) {
      float[] gradient = new float[6];
      for (int i = 0; i < 6; i++) {
        gradient[i] = (float) Math.cos(3 * i + step);
      }
      Updates.once(new Muon(0.9, 0.9, 0.999, 1e-8, 0.01), state, layout, gradient, 0.1, step + 1);
    }

    String[] values = expected.split(" ", -1);
    for (int i = 0; i < 6; i++) {
      assertThat((double) state[i]).isCloseTo(Double.parseDouble(values[i]), within(1e-6));
    }
  }

  /** The rows of what is added are nearly orthogonal, whatever the gradient's were. */
  @Test
  void movesInAllDirectionsAlike() {
    StateLayout layout = new StateLayout(8, 2, 0, List.of(), List.of(), List.of(matrix(0, 2, 4)));
    float[] state = new float[24];
    float[] gradient = {1000, 0, 0, 0, 0, 1, 0, 0};

    Updates.once(optimizer(false), state, layout, gradient, 1, 1);

    assertThat(state[0]).isBetween(-0.2f * 2 * 1.3f, -0.2f * 2 * 0.6f);
    assertThat(state[5]).isBetween(-0.2f * 2 * 1.3f, -0.2f * 2 * 0.2f);
    assertThat(state[1]).isZero();
  }

  @Test
  void takesTheRateAndTheDecayOfTheMatrix() {
    StateLayout usual = layout(6, 25, List.of());
    Range matrix = new Range(AT, AT + 150);
    StateLayout faster = layout(6, 25, List.of(new Rate(matrix, 10)));
    StateLayout undecayed =
        new StateLayout(usual.parameters(), 2, 0, List.of(), List.of(), List.of(matrix(AT, 6, 25)));
    float[] gradient = random(usual.parameters(), 2);

    float[] expected = state(usual);
    Updates.once(optimizer(true), expected, usual, gradient, 0.1 * 10, 1);
    float[] found = state(usual);
    Updates.once(optimizer(true), found, faster, gradient, 0.1, 1);
    assertThat(Arrays.copyOfRange(found, AT, AT + 150))
        .isEqualTo(Arrays.copyOfRange(expected, AT, AT + 150));
    assertThat(found[0]).isNotEqualTo(expected[0]);

    float[] plain = state(usual);
    Updates.once(optimizer(false), plain, usual, gradient, 0.1, 1);
    float[] spared = state(usual);
    Updates.once(optimizer(true), spared, undecayed, gradient, 0.1, 1);
    assertThat(spared).isEqualTo(plain);
  }

  @Test
  void givesTheSameBitsOnAllKernels() {
    StateLayout layout = layout(33, 40, List.of());
    float[] gradient = random(layout.parameters(), 2);
    float[] scalar = state(layout);
    float[] vector = state(layout);

    for (int step = 1; step <= 3; step++) {
      optimizer(true)
          .over(layout, new ScalarKernels())
          .apply(scalar, gradient, 0.5f, 0.1, step, 0, layout.parameters());
      optimizer(true)
          .over(layout, KernelLookup.kernels())
          .apply(vector, gradient, 0.5f, 0.1, step, 0, layout.parameters());
    }

    assertThat(vector).isEqualTo(scalar);
  }

  @Test
  void stepsWithoutAGradientChangeNothing() {
    StateLayout layout = layout(4, 5, List.of());
    float[] state = state(layout);

    Updates.once(optimizer(false), state, layout, new float[layout.parameters()], 0.1, 1);

    assertThat(state).isEqualTo(state(layout));
  }

  @Test
  void allocatesNothingForMatrices() {
    StateLayout layout = layout(20, 30, List.of());
    float[] state = state(layout);
    float[] gradient = random(layout.parameters(), 8);
    Update update = optimizer(true).over(layout, new ScalarKernels());

    assertThat(
            Allocations.leastOf(
                () -> update.apply(state, gradient, 1f, 0.1, 1, 0, layout.parameters())))
        .isZero();
  }

  @Test
  void takesWholeMatrices() {
    StateLayout layout = layout(4, 5, List.of());
    Update update = optimizer(true).over(layout, KernelLookup.kernels());

    assertThatThrownBy(() -> update.apply(state(layout), new float[25], 1f, 0.1, 1, 0, 20))
        .hasMessage(
            "Cannot update with muon: it takes whole matrices, expected [3, 23) in one part, got [0, 20).");
  }

  @Test
  void givesThreadsMatricesOfEqualWork() {
    StateLayout layout =
        new StateLayout(
            410,
            2,
            0,
            List.of(),
            List.of(),
            List.of(matrix(2, 2, 5), matrix(12, 2, 5), matrix(30, 10, 10), matrix(200, 10, 20)));
    Update update = optimizer(false).over(layout, KernelLookup.kernels());
    float[] gradient = random(410, 3);
    float[] whole = state(layout);
    float[] shared = state(layout);

    update.apply(whole, gradient, 1f, 0.1, 1, 0, 410);
    for (int part = 0; part < 3; part++) {
      int from = update.start(410, part, 3);
      int to = update.start(410, part + 1, 3);
      optimizer(false)
          .over(layout, KernelLookup.kernels())
          .apply(shared, gradient, 1f, 0.1, 1, from, to);
    }

    assertThat(IntStream.rangeClosed(0, 2).map(part -> update.start(410, part, 2)))
        .containsExactly(0, 200, 410);
    assertThat(update.start(410, 3, 3)).isEqualTo(410);
    assertThat(shared).isEqualTo(whole);
  }

  @Test
  void readsItsSettings() {
    List<String> problems = new ArrayList<>();
    Config config = ConfigFactory.parseString("type = muon, weight-decay = 0.01");
    Options options = Options.of(config, Defaults.of("train.optimizer"), "optimizer", problems);

    assertThat(Optimizers.read(options)).isEqualTo(new Muon(0.95, 0.9, 0.999, 1e-8, 0.01));
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesAMomentumOfOne() {
    assertThatThrownBy(() -> new Muon(1, 0.9, 0.999, 1e-8, 0))
        .hasMessage("Cannot use momentum: expected a number from 0 to below 1, got 1.0.");
  }

  /** Three parameters, a matrix that decays, two parameters. */
  private static StateLayout layout(int rows, int columns, List<Rate> rates) {
    int size = rows * columns;
    return new StateLayout(
        AT + size + AFTER,
        2,
        0,
        List.of(new Range(AT, AT + size)),
        rates,
        List.of(matrix(AT, rows, columns)));
  }

  private static Matrix matrix(int at, int rows, int columns) {
    return new Matrix(at, rows, columns);
  }

  private static float[] state(StateLayout layout) {
    return Arrays.copyOf(random(layout.parameters(), 1), layout.size());
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
