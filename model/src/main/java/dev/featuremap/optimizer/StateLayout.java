package dev.featuremap.optimizer;

import java.util.Arrays;
import java.util.List;

/**
 * How a worker's state vector is divided: trainable parameters first, then the optimizer's slots,
 * each as long as the parameters, and at the end the buffers, which no optimizer touches.
 *
 * <p>A vector without slots is a model. Whoever reads parameters at the start and buffers at the
 * end of a vector need not know its slots.
 *
 * @param parameters trainable parameters
 * @param slots optimizer values per parameter
 * @param buffers values that training moves without a gradient, such as running means
 * @param decayed the ranges of parameters that weight decay applies to, in order, not overlapping
 * @param rates the ranges whose learning rate is another, likewise
 * @param matrices the weights that are matrices to an optimizer that knows such, likewise
 */
public record StateLayout(
    int parameters,
    int slots,
    int buffers,
    List<Range> decayed,
    List<Rate> rates,
    List<Matrix> matrices) {

  /** Parameters {@code [from, to)}. */
  public record Range(int from, int to) {
    boolean holds(int parameter) {
      return parameter >= from && parameter < to;
    }
  }

  /**
   * Parameters of another learning rate.
   *
   * @param factor what the learning rate is multiplied by, above 0
   */
  public record Rate(Range range, double factor) {}

  /**
   * A row-major matrix among the parameters.
   *
   * @param at its first parameter
   */
  public record Matrix(int at, int rows, int columns) {
    /** Its parameters. */
    public int size() {
      return rows * columns;
    }
  }

  /** One learning rate for all, and no matrices. */
  public StateLayout(int parameters, int slots, int buffers, List<Range> decayed) {
    this(parameters, slots, buffers, decayed, List.of());
  }

  /** No matrices. */
  public StateLayout(
      int parameters, int slots, int buffers, List<Range> decayed, List<Rate> rates) {
    this(parameters, slots, buffers, decayed, rates, List.of());
  }

  /**
   * Copies the ranges and rejects a state that one Java array could not hold, and ranges that are
   * out of order or beyond the parameters.
   */
  public StateLayout {
    decayed = List.copyOf(decayed);
    rates = List.copyOf(rates);
    matrices = List.copyOf(matrices);
    if (parameters < 0 || slots < 0 || buffers < 0) {
      throw new IllegalArgumentException(
          "Cannot lay out a state: expected counts of at least 0, got %s parameters, %s slots and %s buffers."
              .formatted(parameters, slots, buffers));
    }
    if ((long) parameters * (1 + slots) + buffers > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Cannot hold %s parameters with %s optimizer slots each: one array ends at 2^31 floats."
              .formatted(parameters, slots));
    }
    checkOrder("decay", decayed, parameters);
    checkOrder("scale the rate of", rates.stream().map(Rate::range).toList(), parameters);
    checkOrder(
        "multiply",
        matrices.stream().map(m -> new Range(m.at(), m.at() + m.size())).toList(),
        parameters);
    rates.forEach(
        rate -> NumberRule.POSITIVE.check("a factor of the learning rate", rate.factor()));
  }

  private static void checkOrder(String what, List<Range> ranges, int parameters) {
    int end = 0;
    for (Range range : ranges) {
      if (range.from() < end || range.to() < range.from() || range.to() > parameters) {
        throw new IllegalArgumentException(
            "Cannot %s parameters [%s, %s): expected ranges in order within [%s, %s)."
                .formatted(what, range.from(), range.to(), end, parameters));
      }
      end = range.to();
    }
  }

  /** The same parameters with another number of slots. */
  StateLayout withSlots(int count) {
    return new StateLayout(parameters, count, buffers, decayed, rates, matrices);
  }

  /** True if weight decay applies to a parameter. */
  boolean decays(int parameter) {
    return decayed.stream().anyMatch(range -> range.holds(parameter));
  }

  /** What the learning rate of a parameter is multiplied by. */
  double rateAt(int parameter) {
    return rates.stream()
        .filter(rate -> rate.range().holds(parameter))
        .mapToDouble(Rate::factor)
        .findFirst()
        .orElse(1);
  }

  /** Floats in the state vector. */
  public int size() {
    return buffersAt() + buffers;
  }

  /** Where the buffers start. */
  public int buffersAt() {
    return parameters * (1 + slots);
  }

  /** The model in a state: its parameters and buffers, in a new array. */
  public float[] model(float[] state) {
    float[] model = Arrays.copyOf(state, parameters + buffers);
    System.arraycopy(state, buffersAt(), model, parameters, buffers);
    return model;
  }

  /** Where slot {@code index} starts. */
  public int slotAt(int index) {
    return parameters * (1 + index);
  }

  /** Rejects an update whose arrays or step do not fit this layout. */
  void check(Optimizer optimizer, float[] state, float[] gradient, long step) {
    if (slots != optimizer.slots()) {
      throw new IllegalArgumentException(
          "Cannot update with %s: it has %s slots, got a layout of %s."
              .formatted(optimizer.name(), optimizer.slots(), slots));
    }
    if (state.length < size() || gradient.length < parameters) {
      throw new IllegalArgumentException(
          ("Cannot update with %s: expected a state of %s floats and a gradient of %s,"
                  + " got %s and %s.")
              .formatted(optimizer.name(), size(), parameters, state.length, gradient.length));
    }
    if (step < 1) {
      throw new IllegalArgumentException(
          "Cannot update with %s: steps count from 1, got %s.".formatted(optimizer.name(), step));
    }
  }
}
