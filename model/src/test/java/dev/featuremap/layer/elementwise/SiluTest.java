package dev.featuremap.layer.elementwise;

class SiluTest extends GatedContract {

  SiluTest() {
    super(new Silu());
  }

  @Override
  PytorchValues valuesOfPytorch() {
    return new PytorchValues(
        new double[] {
          -0.01483573894,
          -0.142277619533,
          -0.26894142137,
          -0.109455874779,
          0.311229665601,
          1.761594155956,
          3.39740719237,
          6.993622641639
        },
        new double[] {
          -0.012326432592,
          -0.088104106015,
          0.072329488129,
          0.37628997843,
          0.739961187303,
          1.090784248785,
          1.070273352828,
          1.005460497066
        });
  }
}
