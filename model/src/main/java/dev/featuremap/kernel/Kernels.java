package dev.featuremap.kernel;

/**
 * The hot loops of training over blocks of 16 images in the image-lane layout.
 *
 * <p>Every implementation gives the same bits: each output element is one chain of fused
 * multiply-adds in the order its method states, and a sum over lanes uses {@link
 * dev.featuremap.tensor.Lanes#sum}. Arrays are {@code [..][lane]} with 16 lanes; weights are slices
 * of the flat parameter vector that start at {@code weightsAt} or {@code biasesAt}. Gradients of
 * parameters are added to what the array holds; all other outputs are overwritten. Callers have
 * checked the sizes.
 */
public interface Kernels {

  /**
   * Names the arithmetic of training as a whole: kernels, losses, optimizers and random numbers.
   * Rises with every change that changes bits.
   */
  int NUMERICS_VERSION = 1;

  /** What a run reports as its kernels, for example {@code vector/16 lanes} or {@code scalar}. */
  String name();

  /**
   * Convolution, as cross-correlation: {@code out[f,y,x] = bias[f] + Σ w[f,c,i,j] · in[c, y·s + i,
   * x·s + j]}.
   *
   * <p>Chain: start at the bias, then channels, rows of the field, columns of the field.
   *
   * @param input {@code [channels, height, width, 16]}, padded
   * @param parameters holds weights {@code [featureMaps, channels, fieldHeight, fieldWidth]} at
   *     {@code weightsAt} and biases {@code [featureMaps]} at {@code biasesAt}; a negative {@code
   *     biasesAt} means zero biases
   * @param output {@code [featureMaps, outputHeight, outputWidth, 16]}
   */
  void convolve(
      ConvolutionGeometry geometry,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output);

  /**
   * Weight gradient of {@link #convolve}: {@code gw[f,c,i,j] += Σ_lanes Σ_{y,x} go[f,y,x] ·
   * in[c,y·s+i,x·s+j]}.
   *
   * <p>Chain per lane: start at zero, then output rows, output columns; then the lane sum; then one
   * addition to the gradient.
   */
  void convolveWeightGradient(
      ConvolutionGeometry geometry,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt);

  /**
   * Bias gradient: {@code gb[c] += Σ_lanes Σ_pixels go[c, pixel]}; per lane a chain of additions
   * that starts at zero, then the lane sum.
   *
   * @param outputGradient {@code [channels, pixels, 16]}
   */
  void biasGradient(
      int channels, int pixels, float[] outputGradient, float[] parameterGradient, int biasesAt);

  /**
   * Fully connected layer: {@code out[o] = bias[o] + Σ_i w[o,i] · in[i]}; the chain starts at the
   * bias.
   *
   * @param input {@code [inputs, 16]}
   * @param parameters holds weights {@code [outputs, inputs]} and biases {@code [outputs]}
   * @param output {@code [outputs, 16]}
   */
  void fullyConnected(
      int inputs,
      int outputs,
      float[] input,
      float[] parameters,
      int weightsAt,
      int biasesAt,
      float[] output);

  /** Input gradient of {@link #fullyConnected}: {@code gi[i] = Σ_o w[o,i] · go[o]}, from zero. */
  void fullyConnectedInputGradient(
      int inputs,
      int outputs,
      float[] outputGradient,
      float[] parameters,
      int weightsAt,
      float[] inputGradient);

  /**
   * Weight gradient of {@link #fullyConnected}: {@code gw[o,i] += Σ_lanes go[o,lane] · in[i,lane]}.
   *
   * <p>Chain: start at the gradient's old value, then lanes 0 to 15, so that images form the chain
   * and inputs are the vector.
   *
   * @param transposedInput scratch of {@code inputs · 16} floats
   */
  void fullyConnectedWeightGradient(
      int inputs,
      int outputs,
      float[] input,
      float[] outputGradient,
      float[] parameterGradient,
      int weightsAt,
      float[] transposedInput);

  /**
   * Max-pooling; ties and order do not matter to the value, NaN wins over every number.
   *
   * @param input {@code [channels, height, width, 16]}
   * @param output {@code [channels, outputHeight, outputWidth, 16]}
   */
  void maxPool(PoolingGeometry geometry, float[] input, float[] output);

  /**
   * Input gradient of {@link #maxPool}: each output's gradient goes to the first element of its
   * window, by rows, that equals the maximum. Windows are visited in row-major order, and where
   * they overlap gradients add up in that order.
   */
  void maxPoolGradient(
      PoolingGeometry geometry,
      float[] input,
      float[] output,
      float[] outputGradient,
      float[] inputGradient);

  /** {@code output[k] = 1 / (1 + exp(-input[k]))} for {@code k < length}, by {@link FloatMath}. */
  void sigmoid(float[] input, float[] output, int length);

  /** {@code output[k] = tanh(input[k])} for {@code k < length}, by {@link FloatMath}. */
  void tanh(float[] input, float[] output, int length);
}
