package dev.featuremap.optimizer;

import dev.featuremap.kernel.Fma;
import dev.featuremap.kernel.Kernels;
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
  private record Step(Matrix matrix, double factor, double decay, Orthogonalization orthogonal) {}

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

  @Override
  public boolean isDivisible() {
    return steps.isEmpty();
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
    if (!isDivisible() && (from != 0 || to != layout.parameters())) {
      throw new IllegalArgumentException(
          "Cannot update with %s: it takes whole tensors, expected parameters [0, %s), got [%s, %s)."
              .formatted(muon.name(), layout.parameters(), from, to));
    }
    int at = from;
    for (int k = 0; k < steps.size(); k++) {
      Step next = steps.get(k);
      others.apply(state, gradient, scale, learningRate, step, at, next.matrix.at());
      move(next, state, gradient, scale, learningRate * next.factor);
      at = next.matrix.at() + next.matrix.size();
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
