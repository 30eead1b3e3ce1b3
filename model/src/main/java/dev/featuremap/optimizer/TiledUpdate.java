package dev.featuremap.optimizer;

import java.util.List;

/** An update that runs over {@link Tile}s of neighbouring parameters. */
abstract class TiledUpdate extends RangeUpdate {
  private final Tile tile;
  private float gradientScale;

  TiledUpdate(Optimizer optimizer, StateLayout layout, List<StateLayout.Range> decayed) {
    super(optimizer, layout, decayed);
    this.tile = new Tile(layout);
  }

  /** Takes the numbers of a step. */
  abstract void begin(double learningRate, long step);

  /** Updates the tile's parameters and slots; changes to its gradient stay in the tile. */
  abstract void update(Tile part, boolean decays);

  @Override
  final void begin(float scale, double learningRate, long step) {
    gradientScale = scale;
    begin(learningRate, step);
  }

  @Override
  void update(float[] state, float[] gradient, int from, int to, boolean decays) {
    for (int at = from; at < to; at += Tile.LENGTH) {
      tile.load(state, gradient, gradientScale, at, Math.min(Tile.LENGTH, to - at));
      update(tile, decays);
      tile.store(state);
    }
  }
}
