package dev.featuremap.optimizer;

/** An update that runs over {@link Tile}s of neighbouring parameters. */
abstract class TiledUpdate implements Update {
  private final Optimizer optimizer;
  private final StateLayout layout;
  private final Tile tile;

  TiledUpdate(Optimizer optimizer, StateLayout layout) {
    this.optimizer = optimizer;
    this.layout = layout;
    this.tile = new Tile(layout);
  }

  /** Takes the numbers of a step. */
  abstract void begin(double learningRate, long step);

  /** Updates the tile's parameters and slots; changes to its gradient stay in the tile. */
  abstract void update(Tile parameters);

  @Override
  public final void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to) {
    layout.check(optimizer, state, gradient, step);
    begin(learningRate, step);
    for (int at = from; at < to; at += Tile.LENGTH) {
      tile.load(state, gradient, scale, at, Math.min(Tile.LENGTH, to - at));
      update(tile);
      tile.store(state);
    }
  }
}
