package dev.featuremap.layer.elementwise;

class SiluTest extends GatedContract {

  SiluTest() {
    super(new Silu());
  }

  @Override
  float[] valuesOfPyTorch() {
    return new float[] {0.7310586f, -0.26894143f, 0.31122968f};
  }
}
