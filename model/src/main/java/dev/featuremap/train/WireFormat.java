package dev.featuremap.train;

/** In which numbers a worker sends what it returns from a round. */
public enum WireFormat {
  /** As they are. */
  FLOAT32,
  /**
   * Half the bytes: gradients, and the ways that states have gone in the round, as bfloat16.
   * Nothing is carried over to the next round.
   */
  BF16;

  /**
   * Packs the vector of a result.
   *
   * @param vector what the worker returns
   * @param start the state that a round which averages states started from
   * @param parameters where the parameters of a state end
   */
  public WireVector pack(float[] vector, float[] start, int parameters, Round round) {
    if (this == FLOAT32) {
      return WireVector.ofFloats(vector);
    }
    return round.sharesGradients()
        ? WireVector.ofGradients(vector, parameters)
        : WireVector.ofWays(vector, start);
  }
}
