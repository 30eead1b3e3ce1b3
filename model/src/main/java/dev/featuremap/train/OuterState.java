package dev.featuremap.train;

/** What the driver carries from round to round. */
public final class OuterState {
  private final float[] state;
  private final float[] memory;

  /**
   * Takes the arrays as they are.
   *
   * @param state {@code [parameters | slots | buffers]}, which workers start from
   * @param memory of the outer momentum, one value per parameter; empty where there is none
   */
  public OuterState(float[] state, float[] memory) {
    this.state = state;
    this.memory = memory;
  }

  /** {@code [parameters | slots | buffers]}, which workers start from; the array is live. */
  public float[] state() {
    return state;
  }

  /** The memory of the outer momentum; the array is live. */
  public float[] memory() {
    return memory;
  }
}
