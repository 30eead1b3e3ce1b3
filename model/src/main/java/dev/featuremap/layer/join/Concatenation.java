package dev.featuremap.layer.join;

import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * The channels of all inputs, one input after the other (Szegedy et al. 2014, "Going deeper with
 * convolutions"). Rows and columns are those of each input.
 */
public record Concatenation(List<Shape> inputs) implements Junction {
  /** Copies the list. */
  public Concatenation {
    inputs = List.copyOf(inputs);
  }

  @Override
  public void forward(float[][] inputs, float[] output) {
    int at = 0;
    for (int k = 0; k < this.inputs.size(); k++) {
      int length = this.inputs.get(k).blockSize();
      System.arraycopy(inputs[k], 0, output, at, length);
      at += length;
    }
  }

  @Override
  public void backward(float[][] inputs, float[] outputGradient, float[][] inputGradients) {
    int at = 0;
    for (int k = 0; k < this.inputs.size(); k++) {
      int length = this.inputs.get(k).blockSize();
      if (inputGradients[k] != null) {
        System.arraycopy(outputGradient, at, inputGradients[k], 0, length);
      }
      at += length;
    }
  }
}
