package dev.featuremap.init;

/**
 * The {@link StartingValues} that a network file can name, in lower case with hyphens, for example
 * {@code he-normal}.
 */
public enum Initializer implements StartingValues {
  /** Zero, as is usual for biases. */
  ZEROS,

  /** One, as is usual for the factors of a normalization. */
  ONES,

  /**
   * Normal with standard deviation {@code sqrt(2 / fanIn)}, which keeps the variance of signals
   * through layers of rectified linear units (He, Zhang, Ren and Sun 2015, "Delving deep into
   * rectifiers", eq. 10).
   */
  HE_NORMAL,

  /**
   * Uniform in {@code ±sqrt(6 / fanIn)}: the variance {@code 2 / fanIn} of He, Zhang, Ren and Sun
   * (2015, "Delving deep into rectifiers", eq. 10) without the tails of a normal distribution.
   */
  HE_UNIFORM,

  /**
   * Normal with variance {@code 2 / (fanIn + fanOut)}, a compromise between keeping the variance of
   * signals forward and of gradients backward (Glorot and Bengio 2010, "Understanding the
   * difficulty of training deep feedforward neural networks", eq. 12).
   */
  GLOROT_NORMAL,

  /**
   * Uniform in {@code ±sqrt(6 / (fanIn + fanOut))}, the normalized initialization of Glorot and
   * Bengio (2010, "Understanding the difficulty of training deep feedforward neural networks", eq.
   * 16).
   */
  GLOROT_UNIFORM,

  /**
   * Normal with standard deviation {@code sqrt(1 / fanIn)}, so that the weighted sum of inputs of
   * variance 1 has variance 1 (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp", eq. 16).
   */
  LECUN_NORMAL,

  /**
   * Normal with standard deviation 1 whatever the size of the layer: the biases of Nielsen (2015,
   * "Neural Networks and Deep Learning", chapter 3, "Weight initialization").
   */
  UNIT_NORMAL;

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    TensorValues tensorValues = new TensorValues(values, from, to, seed, tensor);
    double fanSum = (double) fanIn + fanOut;
    switch (this) {
      case ZEROS -> tensorValues.fill(0);
      case ONES -> tensorValues.fill(1);
      case HE_NORMAL -> tensorValues.normal(StrictMath.sqrt(2.0 / fanIn));
      case HE_UNIFORM -> tensorValues.uniform(StrictMath.sqrt(6.0 / fanIn));
      case GLOROT_NORMAL -> tensorValues.normal(StrictMath.sqrt(2.0 / fanSum));
      case GLOROT_UNIFORM -> tensorValues.uniform(StrictMath.sqrt(6.0 / fanSum));
      case LECUN_NORMAL -> tensorValues.normal(StrictMath.sqrt(1.0 / fanIn));
      case UNIT_NORMAL -> tensorValues.normal(1.0);
    }
  }
}
