package dev.featuremap.layer.convolution;

import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.Scratch;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The input gradient of a convolution of a stride {@code s > 1}: up to {@code s²} convolutions of
 * stride 1, each for the pixels whose row and column leave the same remainders by the strides. Only
 * every {@code s}-th tap meets such a pixel, so nothing is multiplied by zeros that would have to
 * be spread between the output gradient's pixels. The chain of a pixel runs over feature maps, rows
 * and columns of the turned field, as it would there.
 */
final class StridedInputGradient implements ConvolutionProduct {
  private final Kernels kernels;
  private final ReceptiveField field;
  private final int weightsAt;
  private final int inputSize;
  private final StridePhase[] phases;
  private final boolean leavesGaps;
  private final Scratch.Buffer pixels; // of one phase

  private StridedInputGradient(
      Kernels kernels,
      ReceptiveField field,
      int weightsAt,
      int inputSize,
      StridePhase[] phases,
      Scratch scratch) {
    this.kernels = kernels;
    this.field = field;
    this.weightsAt = weightsAt;
    this.inputSize = inputSize;
    this.phases = phases;
    leavesGaps = field.height() < field.stride().rows() || field.width() < field.stride().columns();
    int largest = Arrays.stream(phases).mapToInt(StridePhase::blockSize).max().orElse(0);
    pixels = scratch.reserve(Scratch.Use.PIXELS, largest);
  }

  /**
   * The gradient of a layer whose dilation is 1.
   *
   * @param input of the layer
   * @param output of the layer
   */
  static StridedInputGradient of(
      Kernels kernels,
      ReceptiveField field,
      Shape input,
      Shape output,
      int weightsAt,
      Scratch scratch) {
    List<StridePhase> phases = new ArrayList<>();
    Padding padding = field.padding(input);
    Extent stride = field.stride();
    for (StrideTaps rows : taps(field.height(), stride.rows(), padding.top(), input.height())) {
      for (StrideTaps columns :
          taps(field.width(), stride.columns(), padding.left(), input.width())) {
        phases.add(StridePhase.of(kernels, input, output, rows, columns, scratch));
      }
    }
    return new StridedInputGradient(
        kernels, field, weightsAt, input.blockSize(), phases.toArray(StridePhase[]::new), scratch);
  }

  /** One for each remainder whose pixels some tap meets. */
  private static List<StrideTaps> taps(int side, int stride, int before, int size) {
    List<StrideTaps> taps = new ArrayList<>();
    for (int remainder = 0; remainder < Math.min(stride, size); remainder++) {
      StrideTaps some = StrideTaps.of(side, stride, before, remainder, size);
      if (some.count() > 0) {
        taps.add(some);
      }
    }
    return taps;
  }

  @Override
  public ConvolutionProduct fork(Scratch scratch) {
    StridePhase[] forks =
        Arrays.stream(phases)
            .map(phase -> phase.fork(kernels, scratch))
            .toArray(StridePhase[]::new);
    return new StridedInputGradient(kernels, field, weightsAt, inputSize, forks, scratch);
  }

  @Override
  public void prepare(float[] parameters, int part, int parts) {
    for (StridePhase phase : phases) {
      phase.prepare(parameters, weightsAt, field, part, parts);
    }
  }

  @Override
  public void apply(
      int blocks, float[][] outputGradient, float[] parameters, int biasesAt, float[][] toInput) {
    for (int k = 0; k < blocks; k++) {
      if (leavesGaps) {
        Arrays.fill(toInput[k], 0, inputSize, 0f);
      }
      for (StridePhase phase : phases) {
        phase.apply(outputGradient[k], pixels.floats(), toInput[k]);
      }
    }
  }
}
