package dev.featuremap.train;

import dev.featuremap.spec.Options;

/**
 * Momentum over rounds, applied by the driver to the trainable parameters when it has averaged
 * them.
 *
 * <pre>
 *   none       θ = θ̄
 *   slowmo     u = β · u + (θ₀ - θ̄) / γ
 *              θ = θ₀ - α · γ · u
 *   nesterov   u = β · u + (θ₀ - θ̄)
 *              θ = θ₀ - α · (β · u + θ₀ - θ̄)
 * </pre>
 *
 * <p>θ₀: parameters before the round, θ̄: average of the workers after it, θ: parameters the next
 * round starts from, u: memory, zero at first, α: {@code learningRate}, β: {@code momentum}, γ: the
 * workers' mean learning rate in the round.
 *
 * <p>{@code slowmo} is SlowMo (Wang et al. 2020, algorithm 1, equations 2 and 3), whose γ is
 * constant in a round. With a constant rate over the whole run it is blockwise model-update
 * filtering with classical block momentum (Chen and Huo 2016, section 3: Δ = η · Δ + ζ · G), with Δ
 * = -α · γ · u, G = θ̄ - θ₀, η = β, ζ = α. {@code nesterov} is that filtering with Nesterov block
 * momentum, written for the point that workers start from, as DiLoCo's outer optimizer is
 * (Douillard et al. 2023, algorithm 1). Chen and Huo suggest β = 1 - 1 / workers.
 *
 * @param type the rule
 * @param momentum β, from 0 to below 1
 * @param learningRate α, above 0
 */
public record OuterMomentum(Type type, double momentum, double learningRate) {

  /** Plain averaging. */
  public static final OuterMomentum NONE = new OuterMomentum(Type.NONE, 0.5, 1);

  /** The rules. */
  public enum Type {
    NONE,
    SLOWMO,
    NESTEROV;

    @Override
    public String toString() {
      return Options.word(this);
    }
  }

  /** Reads {@code type}, {@code momentum} and {@code learning-rate}. */
  public static OuterMomentum read(Options section) {
    return new OuterMomentum(
        section.choice("type", Type.class),
        section.number("momentum", "from 0 to below 1", m -> m >= 0 && m < 1),
        section.number("learning-rate", "above 0", rate -> rate > 0));
  }

  /** True when rounds leave a memory. */
  public boolean remembers() {
    return type != Type.NONE;
  }

  /** The memory before the first round. */
  public float[] emptyMemory(int parameters) {
    return new float[remembers() ? parameters : 0];
  }

  /**
   * The step of a round.
   *
   * @param start the state before the round, not changed
   * @param average the average of the workers' states, which becomes the next state
   * @param memory u, not changed
   * @param parameters how many of the state's first values are parameters; the others stay averages
   * @param rate γ
   */
  OuterState step(float[] start, float[] average, float[] memory, int parameters, double rate) {
    return switch (type) {
      case NONE -> new OuterState(average, memory);
      case SLOWMO -> slowMomentum(start, average, memory, parameters, rate);
      case NESTEROV -> nesterovMomentum(start, average, memory, parameters);
    };
  }

  private OuterState slowMomentum(
      float[] start, float[] average, float[] memory, int parameters, double rate) {
    float[] next = new float[parameters];
    // Workers with a rate of 0 have not moved: 0 / 0 would be no direction.
    double perRate = rate > 0 ? 1 / rate : 0;
    for (int k = 0; k < parameters; k++) {
      double way = (double) start[k] - average[k];
      next[k] = (float) (momentum * memory[k] + way * perRate);
      average[k] = (float) (start[k] - learningRate * rate * next[k]);
    }
    return new OuterState(average, next);
  }

  private OuterState nesterovMomentum(
      float[] start, float[] average, float[] memory, int parameters) {
    float[] next = new float[parameters];
    for (int k = 0; k < parameters; k++) {
      double way = (double) start[k] - average[k];
      next[k] = (float) (momentum * memory[k] + way);
      average[k] = (float) (start[k] - learningRate * (momentum * next[k] + way));
    }
    return new OuterState(average, next);
  }
}
