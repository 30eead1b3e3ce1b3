package dev.featuremap.job.models.pytorch;

import dev.featuremap.layer.AveragePool;
import dev.featuremap.layer.BatchNorm;
import dev.featuremap.layer.Convolution;
import dev.featuremap.layer.Dropout;
import dev.featuremap.layer.Flatten;
import dev.featuremap.layer.FullyConnected;
import dev.featuremap.layer.Gelu;
import dev.featuremap.layer.GlobalAveragePool;
import dev.featuremap.layer.L2Pool;
import dev.featuremap.layer.LayerVisitor;
import dev.featuremap.layer.LeakyRelu;
import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.ReceptiveField;
import dev.featuremap.layer.Relu;
import dev.featuremap.layer.Sigmoid;
import dev.featuremap.layer.Silu;
import dev.featuremap.layer.Tanh;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import java.util.Optional;

/**
 * One layer as PyTorch has it.
 *
 * <p>Activations are {@code [batch, channels, height, width]}, and {@code [batch, channels]} where
 * height and width are 1: a shape alone says which.
 */
final class PytorchLayers implements LayerVisitor<PytorchLayer> {
  private final PlannedLayer layer;
  private final String input;

  /**
   * A visitor of one layer.
   *
   * @param input the expression of what the layer reads
   */
  PytorchLayers(PlannedLayer layer, String input) {
    this.layer = layer;
    this.input = input;
  }

  @Override
  public PytorchLayer convolution(Convolution convolution) {
    ReceptiveField field = convolution.field();
    StringBuilder options = new StringBuilder();
    append(options, "stride", field.stride(), 1);
    if (field.paddingHeight() != field.paddingWidth()) {
      options.append(", padding=").append(pair(field.paddingHeight(), field.paddingWidth()));
    } else {
      append(options, "padding", field.paddingHeight(), 0);
    }
    append(options, "dilation", field.dilation(), 1);
    append(options, "groups", convolution.groups(), 1);
    options.append(convolution.biases().isPresent() ? "" : ", bias=False");
    String module =
        "nn.Conv2d(%d, %d, %s%s)"
            .formatted(
                layer.input().channels(),
                convolution.featureMaps(),
                pair(field.height(), field.width()),
                options);
    return new PytorchLayer(Optional.of(module), flat(call(maps())));
  }

  @Override
  public PytorchLayer fullyConnected(FullyConnected fullyConnected) {
    String module = "nn.Linear(%d, %d)".formatted(layer.input().size(), fullyConnected.outputs());
    String vector = layer.input().isFlat() ? input : input + ".flatten(1)";
    return new PytorchLayer(Optional.of(module), call(vector));
  }

  @Override
  public PytorchLayer batchNorm(BatchNorm norm) {
    String module =
        "nn.BatchNorm%dd(%d, eps=%s, momentum=%s)"
            .formatted(
                layer.input().isFlat() ? 1 : 2,
                layer.input().channels(),
                norm.epsilon(),
                norm.momentum());
    return new PytorchLayer(Optional.of(module), call(input));
  }

  @Override
  public PytorchLayer maxPool(MaxPool pool) {
    StringBuilder options = new StringBuilder();
    append(options, "padding", pool.padding(), 0);
    return PytorchLayer.function(
        flat(
            "F.max_pool2d(%s, %d, stride=%d%s)"
                .formatted(maps(), pool.window(), pool.stride(), options)));
  }

  @Override
  public PytorchLayer averagePool(AveragePool pool) {
    return PytorchLayer.function(
        flat("F.avg_pool2d(%s, %d, stride=%d)".formatted(maps(), pool.window(), pool.stride())));
  }

  @Override
  public PytorchLayer l2Pool(L2Pool pool) {
    return PytorchLayer.function(
        flat(
            "F.lp_pool2d(%s, 2.0, %d, stride=%d)".formatted(maps(), pool.window(), pool.stride())));
  }

  @Override
  public PytorchLayer globalAveragePool(GlobalAveragePool pool) {
    return PytorchLayer.function(maps() + ".mean((2, 3))");
  }

  @Override
  public PytorchLayer flatten(Flatten flatten) {
    return PytorchLayer.function(input + ".flatten(1)");
  }

  @Override
  public PytorchLayer dropout(Dropout dropout) {
    return PytorchLayer.function(
        "F.dropout(%s, %s, training=self.training)".formatted(input, dropout.rate()));
  }

  @Override
  public PytorchLayer relu(Relu relu) {
    return function("F.relu");
  }

  @Override
  public PytorchLayer leakyRelu(LeakyRelu relu) {
    return PytorchLayer.function("F.leaky_relu(%s, %s)".formatted(input, relu.slope()));
  }

  @Override
  public PytorchLayer sigmoid(Sigmoid sigmoid) {
    return function("torch.sigmoid");
  }

  @Override
  public PytorchLayer tanh(Tanh tanh) {
    return function("torch.tanh");
  }

  @Override
  public PytorchLayer silu(Silu silu) {
    return function("F.silu");
  }

  @Override
  public PytorchLayer gelu(Gelu gelu) {
    return PytorchLayer.function("F.gelu(%s, approximate=\"tanh\")".formatted(input));
  }

  private PytorchLayer function(String name) {
    return PytorchLayer.function("%s(%s)".formatted(name, input));
  }

  private String call(String argument) {
    return "%s(%s)".formatted(ModuleTree.reference(layer.name()), argument);
  }

  /** The input with rows and columns, also where it is a vector. */
  private String maps() {
    return layer.input().isFlat() ? input + "[:, :, None, None]" : input;
  }

  /** Maps as they are, and as a vector where they have one pixel. */
  private String flat(String maps) {
    return layer.output().isFlat() ? maps + ".flatten(1)" : maps;
  }

  private static void append(StringBuilder options, String name, int value, int usual) {
    if (value != usual) {
      options.append(", ").append(name).append('=').append(value);
    }
  }

  private static String pair(int rows, int columns) {
    return rows == columns ? Integer.toString(rows) : "(%d, %d)".formatted(rows, columns);
  }
}
