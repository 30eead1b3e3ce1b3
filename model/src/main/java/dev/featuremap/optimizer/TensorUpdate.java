package dev.featuremap.optimizer;

/**
 * An update that takes tensors one by one, each in two passes: the first measures norms, the second
 * makes a step that follows from them.
 *
 * <p>Tensors that weight decay applies to are adapted. The others, biases and the scales and shifts
 * of normalizations, take the step of the plain rule, as is common practice. Norms add up tile by
 * tile from the start of a tensor; so that no thread moves what another one measures, one thread
 * does a whole state.
 */
abstract class TensorUpdate extends TiledUpdate {
  private final Optimizer optimizer;
  private final int parameters;
  private boolean measures;
  private double parameterSquares;
  private double directionSquares;

  TensorUpdate(Optimizer optimizer, StateLayout layout) {
    super(optimizer, layout, layout.decayed());
    this.optimizer = optimizer;
    this.parameters = layout.parameters();
  }

  @Override
  public final boolean isDivisible() {
    return false;
  }

  /** The first pass: leaves in the tile's gradient what the norm is taken of. */
  abstract void measure(Tile part, boolean adapted);

  /**
   * Takes the norms of a tensor before its second pass.
   *
   * @param parameterNorm of the parameters
   * @param directionNorm of what {@link #measure} left in gradients
   */
  abstract void scale(boolean adapted, double parameterNorm, double directionNorm);

  /** The second pass; the tile's gradient is the gradient again. */
  abstract void move(Tile part, boolean adapted);

  @Override
  public final void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to) {
    if (from != 0 || to != parameters) {
      throw new IllegalArgumentException(
          "Cannot update with %s: it takes whole tensors, expected parameters [0, %s), got [%s, %s)."
              .formatted(optimizer.name(), parameters, from, to));
    }
    super.apply(state, gradient, scale, learningRate, step, from, to);
  }

  @Override
  final void update(float[] state, float[] gradient, int from, int to, boolean adapted) {
    parameterSquares = 0;
    directionSquares = 0;
    measures = true;
    super.update(state, gradient, from, to, adapted);
    scale(adapted, Math.sqrt(parameterSquares), Math.sqrt(directionSquares));
    measures = false;
    super.update(state, gradient, from, to, adapted);
  }

  @Override
  final void update(Tile part, boolean adapted) {
    if (measures) {
      parameterSquares += GradientClipping.squares(part.parameters(), part.length());
      measure(part, adapted);
      directionSquares += GradientClipping.squares(part.gradient(), part.length());
    } else {
      move(part, adapted);
    }
  }
}
