package dev.featuremap.kernel.vector;

import dev.featuremap.kernel.FullyConnectedGradient;
import dev.featuremap.kernel.Parts;
import dev.featuremap.tensor.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FullyConnectedGradient} with the Vector API, in register tiles of 5 outputs × 4 vectors of
 * inputs and a loop over images.
 *
 * <p>Blocks are kept in panels of as many inputs and outputs as a tile has, {@code [panel, image,
 * ..]}, so that a tile walks through memory. The last panel of inputs overlaps the one before, and
 * the last one of outputs repeats the last output: gradients computed twice get the same bits.
 */
final class VectorFullyConnectedGradient implements FullyConnectedGradient {
  private static final VectorSpecies<Float> SPECIES = VectorKernels.SPECIES;
  private static final int WIDTH = SPECIES.length();
  private static final int LANES = Lanes.COUNT;
  static final int PANEL_INPUTS = 4 * WIDTH;
  private static final int PANEL_OUTPUTS = 5;

  private final int inputs;
  private final int outputs;
  private final int capacity;
  private final float[] inputPanels; // [panel, image, 4 vectors]
  private final float[] gradientPanels; // [panel, image, 5]

  VectorFullyConnectedGradient(int inputs, int outputs, int blocks) {
    this.inputs = inputs;
    this.outputs = outputs;
    capacity = blocks * LANES;
    inputPanels = new float[Math.multiplyExact(inputPanels() * PANEL_INPUTS, capacity)];
    gradientPanels = new float[Math.multiplyExact(outputPanels() * PANEL_OUTPUTS, capacity)];
  }

  private int inputPanels() {
    return (inputs + PANEL_INPUTS - 1) / PANEL_INPUTS;
  }

  private int outputPanels() {
    return (outputs + PANEL_OUTPUTS - 1) / PANEL_OUTPUTS;
  }

  private int firstInput(int panel) {
    return Math.min(panel * PANEL_INPUTS, inputs - PANEL_INPUTS);
  }

  @Override
  public void keep(int block, float[] input, float[] outputGradient) {
    int image = block * LANES;
    for (int panel = 0; panel < inputPanels(); panel++) {
      int from = firstInput(panel) * LANES;
      int to = (panel * capacity + image) * PANEL_INPUTS;
      Transpose.rows(PANEL_INPUTS, input, from, inputPanels, to);
    }
    for (int panel = 0; panel < outputPanels(); panel++) {
      int to = (panel * capacity + image) * PANEL_OUTPUTS;
      for (int k = 0; k < PANEL_OUTPUTS; k++) {
        int from = Math.min(panel * PANEL_OUTPUTS + k, outputs - 1) * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          gradientPanels[to + lane * PANEL_OUTPUTS + k] = outputGradient[from + lane];
        }
      }
    }
  }

  @Override
  public void writeInto(
      int blocks, float[] parameterGradient, int weightsAt, int biasesAt, int part, int parts) {
    int images = blocks * LANES;
    int from = Parts.start(outputPanels(), part, parts);
    int to = Parts.start(outputPanels(), part + 1, parts);
    for (int inputPanel = 0; inputPanel < inputPanels(); inputPanel++) {
      int i = firstInput(inputPanel);
      int x = inputPanel * capacity * PANEL_INPUTS;
      for (int panel = from; panel < to; panel++) {
        int go = panel * capacity * PANEL_OUTPUTS;
        int o = panel * PANEL_OUTPUTS;
        tile(images, x, go, o, parameterGradient, weightsAt + i);
      }
    }
    for (int panel = from; panel < to && biasesAt >= 0; panel++) {
      writeBiases(images, panel, parameterGradient, biasesAt);
    }
  }

  private void writeBiases(int images, int panel, float[] parameterGradient, int biasesAt) {
    int from = panel * capacity * PANEL_OUTPUTS;
    int end = Math.min(PANEL_OUTPUTS, outputs - panel * PANEL_OUTPUTS);
    for (int k = 0; k < end; k++) {
      float sum = 0f;
      for (int image = 0; image < images; image++) {
        sum += gradientPanels[from + image * PANEL_OUTPUTS + k];
      }
      parameterGradient[biasesAt + panel * PANEL_OUTPUTS + k] = sum;
    }
  }

  private int row(int o) {
    return Math.min(o, outputs - 1) * inputs;
  }

  /** 5 outputs from {@code o} × 4 vectors of inputs, whose weights start at {@code w}. */
  private void tile(int images, int x, int go, int o, float[] gw, int w) {
    float[] in = inputPanels;
    float[] g = gradientPanels;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    FloatVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0;
    FloatVector d3 = a0, e0 = a0, e1 = a0, e2 = a0, e3 = a0;
    for (int image = 0; image < images; image++) {
      int at = x + image * PANEL_INPUTS;
      int to = go + image * PANEL_OUTPUTS;
      FloatVector x0 = FloatVector.fromArray(SPECIES, in, at);
      FloatVector x1 = FloatVector.fromArray(SPECIES, in, at + WIDTH);
      FloatVector x2 = FloatVector.fromArray(SPECIES, in, at + 2 * WIDTH);
      FloatVector x3 = FloatVector.fromArray(SPECIES, in, at + 3 * WIDTH);
      FloatVector a = FloatVector.broadcast(SPECIES, g[to]);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      a2 = a.fma(x2, a2);
      a3 = a.fma(x3, a3);
      FloatVector b = FloatVector.broadcast(SPECIES, g[to + 1]);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      b2 = b.fma(x2, b2);
      b3 = b.fma(x3, b3);
      FloatVector c = FloatVector.broadcast(SPECIES, g[to + 2]);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      c2 = c.fma(x2, c2);
      c3 = c.fma(x3, c3);
      FloatVector d = FloatVector.broadcast(SPECIES, g[to + 3]);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
      d2 = d.fma(x2, d2);
      d3 = d.fma(x3, d3);
      FloatVector e = FloatVector.broadcast(SPECIES, g[to + 4]);
      e0 = e.fma(x0, e0);
      e1 = e.fma(x1, e1);
      e2 = e.fma(x2, e2);
      e3 = e.fma(x3, e3);
    }
    int wA = w + row(o);
    FloatVector neutral = FloatVector.broadcast(SPECIES, VectorKernels.NEUTRAL);
    neutral.add(a0).intoArray(gw, wA);
    neutral.add(a1).intoArray(gw, wA + WIDTH);
    neutral.add(a2).intoArray(gw, wA + 2 * WIDTH);
    neutral.add(a3).intoArray(gw, wA + 3 * WIDTH);
    int wB = w + row(o + 1);
    neutral.add(b0).intoArray(gw, wB);
    neutral.add(b1).intoArray(gw, wB + WIDTH);
    neutral.add(b2).intoArray(gw, wB + 2 * WIDTH);
    neutral.add(b3).intoArray(gw, wB + 3 * WIDTH);
    int wC = w + row(o + 2);
    neutral.add(c0).intoArray(gw, wC);
    neutral.add(c1).intoArray(gw, wC + WIDTH);
    neutral.add(c2).intoArray(gw, wC + 2 * WIDTH);
    neutral.add(c3).intoArray(gw, wC + 3 * WIDTH);
    int wD = w + row(o + 3);
    neutral.add(d0).intoArray(gw, wD);
    neutral.add(d1).intoArray(gw, wD + WIDTH);
    neutral.add(d2).intoArray(gw, wD + 2 * WIDTH);
    neutral.add(d3).intoArray(gw, wD + 3 * WIDTH);
    int wE = w + row(o + 4);
    neutral.add(e0).intoArray(gw, wE);
    neutral.add(e1).intoArray(gw, wE + WIDTH);
    neutral.add(e2).intoArray(gw, wE + 2 * WIDTH);
    neutral.add(e3).intoArray(gw, wE + 3 * WIDTH);
  }
}
