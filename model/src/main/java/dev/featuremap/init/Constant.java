package dev.featuremap.init;

/** The same value everywhere, where a layer's own option says which. */
record Constant(float value) implements StartingValues {

  @Override
  public void fill(float[] values, int from, int to, long seed, int tensor, int fanIn, int fanOut) {
    new TensorValues(values, from, to, seed, tensor).fill(value);
  }
}
