package dev.featuremap.optimizer;

/** {@link Adam} and {@link AdamW} at work; they differ in what weight decay acts on. */
final class AdamUpdate extends TiledUpdate {
  private final AdamMoments moments;
  private final double weightDecay;
  private final boolean decoupled;
  private float stepSize;
  private float secondCorrection;
  private float parameterDecay;

  /**
   * An update.
   *
   * @param decoupled true when weight decay shrinks the parameters, false when it is added to the
   *     gradient
   */
  AdamUpdate(
      Optimizer optimizer,
      StateLayout layout,
      AdamMoments moments,
      double weightDecay,
      boolean decoupled) {
    super(optimizer, layout);
    this.moments = moments;
    this.weightDecay = weightDecay;
    this.decoupled = decoupled;
  }

  @Override
  void begin(double learningRate, long step) {
    stepSize = moments.stepSize(learningRate, step);
    secondCorrection = moments.secondCorrection(step);
    parameterDecay = (float) (-learningRate * weightDecay);
  }

  @Override
  void update(Tile tile) {
    if (decoupled) {
      tile.addDecay(tile.parameters(), parameterDecay);
    } else {
      tile.addDecay(tile.gradient(), (float) weightDecay);
    }
    moments.advance(tile, stepSize, secondCorrection);
  }
}
