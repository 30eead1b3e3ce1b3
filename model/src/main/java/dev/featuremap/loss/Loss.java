package dev.featuremap.loss;

import dev.featuremap.kernel.Kernels;

/** What a network is trained to make small: an immutable description of a {@link LossFunction}. */
public interface Loss {

  /** The name a network file uses, for example {@code softmax-cross-entropy}. */
  String name();

  /** The working loss over that many outputs per image. */
  LossFunction over(int classes, Kernels kernels);
}
