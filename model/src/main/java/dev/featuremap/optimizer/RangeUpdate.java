package dev.featuremap.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An update that tells parameters that weight decay applies to from the others, and those of one
 * learning rate from those of another, run by run.
 */
abstract class RangeUpdate implements Update {
  private final Optimizer optimizer;
  private final StateLayout layout;
  private final List<Run> runs;

  /** Neighbouring parameters that are updated alike. */
  private record Run(int from, int to, boolean decays, double factor) {
    /** True if the parameters behind it may be updated in the same call: no tensor is decayed. */
    boolean takes(boolean nextDecays, double nextFactor) {
      return !decays && !nextDecays && factor == nextFactor;
    }
  }

  /**
   * An update of states of a layout.
   *
   * @param decayed the ranges that are told apart, in order; those of the layout, or none
   */
  RangeUpdate(Optimizer optimizer, StateLayout layout, List<StateLayout.Range> decayed) {
    this.optimizer = optimizer;
    this.layout = layout;
    this.runs = runs(layout, decayed);
  }

  private static List<Run> runs(StateLayout layout, List<StateLayout.Range> decayed) {
    TreeSet<Integer> cuts = new TreeSet<>(List.of(0, layout.parameters()));
    decayed.forEach(range -> cuts.addAll(List.of(range.from(), range.to())));
    layout.rates().forEach(rate -> cuts.addAll(List.of(rate.range().from(), rate.range().to())));
    List<Run> runs = new ArrayList<>();
    int decay = 0;
    int rate = 0;
    int from = 0;
    for (int to : cuts.tailSet(0, false)) {
      while (decay < decayed.size() && decayed.get(decay).to() <= from) {
        decay++;
      }
      while (rate < layout.rates().size() && layout.rates().get(rate).range().to() <= from) {
        rate++;
      }
      boolean decays = decay < decayed.size() && decayed.get(decay).from() <= from;
      boolean scales =
          rate < layout.rates().size() && layout.rates().get(rate).range().from() <= from;
      add(new Run(from, to, decays, scales ? layout.rates().get(rate).factor() : 1), runs);
      from = to;
    }
    return List.copyOf(runs);
  }

  private static void add(Run run, List<Run> runs) {
    int last = runs.size() - 1;
    if (last >= 0 && runs.get(last).takes(run.decays, run.factor)) {
      runs.set(last, new Run(runs.get(last).from, run.to, false, run.factor));
    } else {
      runs.add(run);
    }
  }

  /** Takes the numbers of a step, as {@link #apply} has them; again where the rate changes. */
  abstract void begin(float scale, double learningRate, long step);

  /** Updates the parameters in {@code [from, to)} and their slots. */
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
    double factor = 0;
    for (int r = 0; r < runs.size(); r++) {
      Run run = runs.get(r);
      int start = Math.max(run.from, from);
      int end = Math.min(run.to, to);
      if (start < end) {
        if (run.factor != factor) {
          factor = run.factor;
          begin(scale, learningRate * factor, step);
        }
        update(state, gradient, start, end, run.decays);
      }
    }
  }
}
