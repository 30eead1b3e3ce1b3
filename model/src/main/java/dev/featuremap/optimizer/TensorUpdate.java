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
abstract class TensorUpdate extends RangeUpdate {
  private final Optimizer optimizer;
  private final int parameters;
  private final Tile tile;
  private float gradientScale;
  private double parameterSquares;
  private double directionSquares;

  TensorUpdate(Optimizer optimizer, StateLayout layout) {
    super(optimizer, layout, layout.decayed());
    this.optimizer = optimizer;
    this.parameters = layout.parameters();
    this.tile = new Tile(layout);
  }

  @Override
  public final boolean isDivisible() {
    return false;
  }

  /** Takes the numbers of a step. */
  abstract void begin(double learningRate, long step);

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
  abstract void update(Tile part, boolean adapted);

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
          "Cannot update with %s: it takes whole tensors, expected parameters [0, %d), got [%d, %d)."
              .formatted(optimizer.name(), parameters, from, to));
    }
    super.apply(state, gradient, scale, learningRate, step, from, to);
  }

  @Override
  final void begin(float scale, double learningRate, long step) {
    gradientScale = scale;
    begin(learningRate, step);
  }

  @Override
  final void update(float[] state, float[] gradient, int from, int to, boolean adapted) {
    parameterSquares = 0;
    directionSquares = 0;
    for (int at = from; at < to; at += Tile.LENGTH) {
      tile.load(state, gradient, gradientScale, at, Math.min(Tile.LENGTH, to - at));
      parameterSquares += GradientClipping.squares(tile.parameters(), tile.length());
      measure(tile, adapted);
      directionSquares += GradientClipping.squares(tile.gradient(), tile.length());
      tile.store(state);
    }
    scale(adapted, Math.sqrt(parameterSquares), Math.sqrt(directionSquares));
    for (int at = from; at < to; at += Tile.LENGTH) {
      tile.load(state, gradient, gradientScale, at, Math.min(Tile.LENGTH, to - at));
      update(tile, adapted);
      tile.store(state);
    }
  }
}
