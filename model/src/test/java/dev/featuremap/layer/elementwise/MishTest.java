package dev.featuremap.layer.elementwise;

class MishTest extends GatedContract {

  MishTest() {
    super(new Mish());
  }

  @Override
  PytorchValues valuesOfPytorch() {
    return new PytorchValues(
        new double[] {
          -0.014854080479,
          -0.145647461276,
          -0.303401461374,
          -0.129926963679,
          0.375245211305,
          1.943958959534,
          3.493990715118,
          6.99998837981
        },
        new double[] {
          -0.012359967932,
          -0.093393114532,
          0.059216755877,
          0.439815601722,
          0.886424375358,
          1.069317934279,
          1.009939324995,
          1.000021559161
        });
  }
}
