package dev.featuremap.layer.elementwise;

class GeluTest extends GatedContract {

  GeluTest() {
    super(new Gelu(Gelu.Approximation.TANH));
  }

  @Override
  PytorchValues valuesOfPytorch() {
    return new PytorchValues(
        new double[] {
          -8.43964897967453e-11,
          -0.003637392082,
          -0.158808009392,
          -0.100324649298,
          0.345714009825,
          1.954597694088,
          3.499383802345,
          7
        },
        new double[] {
          -7.709976012836329e-10,
          -0.011584166631,
          -0.082964083846,
          0.304645904849,
          0.867369903535,
          1.086099256624,
          1.00242264376,
          1
        });
  }
}
