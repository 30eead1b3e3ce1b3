package dev.featuremap.layer;

/**
 * Does something for each type of layer. Whoever implements it is told by the compiler when a layer
 * is added, so that no exporter forgets one.
 *
 * @param <T> what comes of a layer
 */
public interface LayerVisitor<T> {

  /** Mean of each window. */
  T averagePool(AveragePool layer);

  /** Batch normalization. */
  T batchNorm(BatchNorm layer);

  /** Feature maps. */
  T convolution(Convolution layer);

  /** Dropout, which passes everything on where nothing is trained. */
  T dropout(Dropout layer);

  /** Maps to a vector. */
  T flatten(Flatten layer);

  /** Every output sees every input. */
  T fullyConnected(FullyConnected layer);

  /** Gaussian error linear units in their tanh form. */
  T gelu(Gelu layer);

  /** Mean of each feature map. */
  T globalAveragePool(GlobalAveragePool layer);

  /** Root of the sum of squares of each window. */
  T l2Pool(L2Pool layer);

  /** Leaky rectified linear units. */
  T leakyRelu(LeakyRelu layer);

  /** Largest activation of each window. */
  T maxPool(MaxPool layer);

  /** Rectified linear units. */
  T relu(Relu layer);

  /** Logistic function. */
  T sigmoid(Sigmoid layer);

  /** Sigmoid-weighted linear units. */
  T silu(Silu layer);

  /** Hyperbolic tangent. */
  T tanh(Tanh layer);
}
