package dev.featuremap.optimizer;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Parts;
import dev.featuremap.optimizer.StateLayout.Matrix;
import java.util.ArrayList;
import java.util.List;

/** {@link Muon} at work: AdamW from one matrix to the next, and each matrix by itself. */
final class MuonUpdate implements Update {
  private final Muon muon;
  private final StateLayout layout;
  private final Update others;
  private final List<Step> steps = new ArrayList<>();
  private final float[] direction;

  /**
   * What a matrix needs.
   *
   * @param factor of the learning rate
   * @param decay the matrix' weight decay
   */
  private record Step(Matrix matrix, double factor, double decay, Orthogonalization orthogonal) {
    /** About how long it takes, in multiply-adds. */
    double work() {
      double shorter = Math.min(matrix.rows(), matrix.columns());
      return shorter * shorter * (3.0 * Math.max(matrix.rows(), matrix.columns()) + 7 * shorter);
    }
  }

  MuonUpdate(Muon muon, StateLayout layout, Kernels kernels) {
    this.muon = muon;
    this.layout = layout;
    AdamMoments moments = new AdamMoments(muon.beta1(), muon.beta2(), muon.epsilon());
    this.others = new AdamUpdate(muon, layout, moments, muon.weightDecay(), true, kernels);
    Orthogonalization.Work work = new Orthogonalization.Work(layout.matrices());
    int largest = 0;
    for (Matrix matrix : layout.matrices()) {
      double decay = layout.decays(matrix.at()) ? muon.weightDecay() : 0;
      Orthogonalization orthogonal = new Orthogonalization(matrix, work, kernels);
      steps.add(new Step(matrix, layout.rateAt(matrix.at()), decay, orthogonal));
      largest = Math.max(largest, matrix.size());
    }
    this.direction = new float[largest];
  }

  /** Cuts beside the matrix where the work before is nearest to that of equal parts. */
  @Override
  public int start(int parameters, int part, int parts) {
    if (steps.isEmpty()) {
      return Parts.start(parameters, part, parts);
    }
    if (part == parts) {
      return parameters;
    }
    double wanted = steps.stream().mapToDouble(Step::work).sum() * part / parts;
    double before = 0;
    for (int k = 0; k < steps.size(); k++) {
      double work = steps.get(k).work();
      if (before + work / 2 >= wanted) {
        return part == 0 ? 0 : steps.get(k).matrix.at();
      }
      before += work;
    }
    return parameters;
  }

  @Override
  public void apply(
      float[] state,
      float[] gradient,
      float scale,
      double learningRate,
      long step,
      int from,
      int to) {
    int at = from;
    for (int k = 0; k < steps.size(); k++) {
      Step next = steps.get(k);
      int start = next.matrix.at();
      int end = start + next.matrix.size();
      if (end <= from || start >= to) {
        continue;
      }
      if (start < from || end > to) {
        throw new IllegalArgumentException(
            "Cannot update with %s: it takes whole matrices, expected [%s, %s) in one part, got [%s, %s)."
                .formatted(muon.name(), start, end, from, to));
      }
      others.apply(state, gradient, scale, learningRate, step, at, start);
      move(next, state, gradient, scale, learningRate * next.factor);
      at = end;
    }
    others.apply(state, gradient, scale, learningRate, step, at, to);
  }

  private void move(Step step, float[] state, float[] gradient, float scale, double learningRate) {
    int at = step.matrix.at();
    int slot = layout.slotAt(0) + at;
    int size = step.matrix.size();
    float keep = (float) muon.momentum();
    for (int i = 0; i < size; i++) {
      float g = gradient[at + i] * scale;
      float m = Fma.of(keep, state[slot + i], g);
      state[slot + i] = m;
      direction[i] = Fma.of(keep, m, g);
    }
    step.orthogonal.apply(direction);
    float rate = (float) (-learningRate * Muon.stepSize(step.matrix));
    float decay = (float) (-learningRate * step.decay);
    for (int i = 0; i < size; i++) {
      float before = state[at + i];
      state[at + i] = Fma.of(rate, direction[i], Fma.of(decay, before, before));
    }
  }
}
