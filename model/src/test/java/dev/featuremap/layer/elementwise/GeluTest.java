package dev.featuremap.layer.elementwise;

class GeluTest extends GatedContract {

  GeluTest() {
    super(new Gelu());
  }

  @Override
  float[] valuesOfPyTorch() {
    return new float[] {0.841192f, -0.15880801f, 0.345714f};
  }
}
