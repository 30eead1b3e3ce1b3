package dev.featuremap.optimizer;

import java.util.List;

/** An update that tells parameters that weight decay applies to from the others, range by range. */
abstract class RangeUpdate implements Update {
  private final Optimizer optimizer;
  private final StateLayout layout;
  private final List<StateLayout.Range> decayed;

  /**
   * An update of states of a layout.
   *
   * @param decayed the ranges that are told apart, in order; those of the layout, or none
   */
  RangeUpdate(Optimizer optimizer, StateLayout layout, List<StateLayout.Range> decayed) {
    this.optimizer = optimizer;
    this.layout = layout;
    this.decayed = decayed;
  }

  /** Takes the numbers of a step, as {@link #apply} has them. */
  abstract void begin(float scale, double learningRate, long step);

  /** Updates the parameters in {@code [from, to)}, which may be none, and their slots. */
  abstract void update(float[] state, float[] gradient, int from, int to, boolean decays);

  @Override
  public void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to) {
    layout.check(optimizer, state, gradient, step);
    begin(scale, learningRate, step);
    int at = from;
    for (int r = 0; r < decayed.size(); r++) {
      int start = Math.max(decayed.get(r).from(), from);
      int end = Math.min(decayed.get(r).to(), to);
      if (start < end) {
        update(state, gradient, at, start, false);
        update(state, gradient, start, end, true);
        at = end;
      }
    }
    update(state, gradient, at, to, false);
  }
}
