package dev.featuremap.kernel;

/**
 * The hot loops of training over blocks of 16 images in the image-lane layout.
 *
 * <p>Every implementation gives the same bits: each output element is one chain of fused
 * multiply-adds in the order its method states, and a sum over lanes uses {@link
 * dev.featuremap.tensor.Lanes#sum}. Arrays are {@code [..][lane]} with 16 lanes; weights are slices
 * of the flat parameter vector that start at {@code weightsAt} or {@code biasesAt}. Callers have
 * checked the sizes.
 */
public interface Kernels {

  /**
   * Names the arithmetic of training as a whole: kernels, losses, optimizers and random numbers.
   * Rises with every change that changes bits.
   */
  int NUMERICS_VERSION = 2;

  /** What a run reports as its kernels, for example {@code vector/16 lanes} or {@code scalar}. */
  String name();

  /** Convolution, as cross-correlation over a padded input, with its gradients. */
  Correlation correlation(ConvolutionGeometry geometry);

  /**
   * The same for 3×3 fields of stride 1 by Winograd's algorithm, which has another order.
   *
   * @param scratch of the thread that uses the result
   */
  Winograd winograd(WinogradGeometry geometry, Scratch scratch);

  /** The weight gradient by Winograd's algorithm. */
  WinogradWeightGradient winogradWeightGradient(WinogradGeometry geometry, Scratch scratch);

  /** The matrix products of a fully connected layer. */
  FullyConnectedProducts fullyConnected(int inputs, int outputs);

  /**
   * The parameter gradient of a fully connected layer, for mini-batches of up to {@code blocks}.
   */
  FullyConnectedGradient fullyConnectedGradient(int inputs, int outputs, int blocks);

  /**
   * Max-pooling with its gradient.
   *
   * @param floor what no maximum is below: 0 where a rectifier follows, -∞ elsewhere
   */
  MaxPooling maxPooling(PoolingGeometry geometry, float floor);

  /** Batch normalization of blocks of {@code channels} with {@code pixels} each. */
  BatchNormalization batchNormalization(int channels, int pixels);

  /** Normalization of each image by itself. */
  ImageNormalization imageNormalization();

  /** {@code sum[k] = max(a[k] + b[k], floor)} for {@code k < length}; may be in place. */
  void add(float[] a, float[] b, float floor, float[] sum, int length);

  /** {@code output[k] = max(input[k], 0)} for {@code k < length}; NaN stays NaN. */
  void rectify(float[] input, float[] output, int length);

  /**
   * Input gradient of {@link #rectify}: {@code outputGradient[k]} where {@code output[k] > 0}, and
   * +0 elsewhere.
   */
  void rectifyGradient(float[] output, float[] outputGradient, float[] inputGradient, int length);

  /** {@code output[k] = 1 / (1 + exp(-input[k]))} for {@code k < length}, by {@link FloatMath}. */
  void sigmoid(float[] input, float[] output, int length);

  /**
   * {@code output[k] = tanh(input[k])} for {@code k < length}, by {@link FloatMath}; into another
   * array.
   */
  void tanh(float[] input, float[] output, int length);

  /**
   * {@code output[k] = min(max(input[k], low), high)} for {@code k < length}; NaN stays NaN.
   *
   * @param low below {@code high}; one of them may be infinite
   */
  void clip(float low, float high, float[] input, float[] output, int length);

  /**
   * Input gradient of {@link #clip}: {@code outputGradient[k]} where {@code low < output[k] <
   * high}, and +0 elsewhere.
   */
  void clipGradient(
      float low,
      float high,
      float[] output,
      float[] outputGradient,
      float[] inputGradient,
      int length);

  /**
   * {@code output[k] = input[k]} where that is above 0, and {@code slope · input[k]} elsewhere, for
   * {@code k} in {@code [from, to)}.
   */
  default void leakyRectify(float slope, float[] input, float[] output, int from, int to) {
    leakyRectifyGradient(slope, input, input, output, from, to);
  }

  /** Input gradient of {@link #leakyRectify}. */
  void leakyRectifyGradient(
      float slope, float[] input, float[] outputGradient, float[] inputGradient, int from, int to);

  /**
   * Gradient of the slope of {@link #leakyRectify}, summed in each lane: a chain of {@code min(x,
   * 0) · outputGradient[k]} over the inputs {@code x}, from zero.
   *
   * @param from of {@code [from, to)}: whole pixels, multiples of 16
   * @param laneSums 16 sums, overwritten
   */
  void slopeGradient(float[] input, float[] outputGradient, int from, int to, float[] laneSums);

  /**
   * {@code output[k] = input[k] · share(input[k])} for {@code k < length}, by {@link FloatMath};
   * into another array.
   */
  void gate(Gate gate, float[] input, float[] output, int length);

  /** Input gradient of {@link #gate}. */
  void gateGradient(
      Gate gate, float[] input, float[] outputGradient, float[] inputGradient, int length);

  /**
   * Softmax of each lane: {@code p[c] = e[c] / Σ e[k]} with {@code e[c] = exp(z[c] - max z)}, by
   * {@link FloatMath}; the largest is a chain of maxima and the sum a chain of additions over the
   * classes, from the first.
   *
   * @param logits {@code z}, {@code [classes, 16]}
   * @param probabilities {@code [classes, 16]}, overwritten; may be {@code logits}
   * @param largest the 16 maxima, overwritten
   * @param sums the 16 sums of exponentials, overwritten
   */
  void softmax(int classes, float[] logits, float[] probabilities, float[] largest, float[] sums);

  /**
   * One step of Adam over the parameters {@code [from, to)}, their moments and their gradient.
   *
   * @param state {@code [parameters, …, moments, …]}, changed in place
   * @param gradient one value per parameter, not changed
   */
  void adam(AdamStep step, float[] state, float[] gradient, int from, int to);

  /**
   * The product of two matrices.
   *
   * @param right not read for {@link MatrixProduct.Form#GRAM}
   * @param scratch {@link MatrixProduct#scratch} floats or more, overwritten
   * @param result overwritten; none of the other arrays
   */
  void multiply(
      MatrixProduct product, float[] left, float[] right, float[] scratch, float[] result);
}
