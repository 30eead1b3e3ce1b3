package dev.featuremap.bench.libtorch;

import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.convolution.ReceptiveField;
import dev.featuremap.layer.dense.Flatten;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.Gelu;
import dev.featuremap.layer.elementwise.LeakyRelu;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.elementwise.Sigmoid;
import dev.featuremap.layer.elementwise.Silu;
import dev.featuremap.layer.elementwise.Tanh;
import dev.featuremap.layer.normalization.BatchNorm;
import dev.featuremap.layer.pooling.AveragePool;
import dev.featuremap.layer.pooling.GlobalAveragePool;
import dev.featuremap.layer.pooling.L2Pool;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.layer.window.Window;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Each layer as a function of libtorch, in the mode that trains. */
final class LayerFunctions {
  private LayerFunctions() {}

  /**
   * The function of a layer.
   *
   * @param tensors its parameters
   * @param inPlace true when nobody else needs the input, so that a rectifier may overwrite it
   */
  static UnaryOperator<Tensor> of(PlannedLayer layer, List<Tensor> tensors, boolean inPlace) {
    LayerSpec spec = layer.spec();
    if (spec instanceof Convolution convolution) {
      return convolution(convolution, layer, tensors);
    }
    if (spec instanceof FullyConnected fullyConnected) {
      return fullyConnected(fullyConnected, tensors);
    }
    if (spec instanceof BatchNorm norm) {
      return batchNorm(norm, layer.input(), tensors);
    }
    if (spec instanceof Relu) {
      return inPlace ? torch::relu_ : torch::relu;
    }
    if (spec instanceof LeakyRelu leaky) {
      Scalar slope = new Scalar((float) leaky.slope());
      return input -> torch.leaky_relu(input, slope);
    }
    if (spec instanceof Dropout dropout) {
      return input -> torch.dropout(input, dropout.rate(), true);
    }
    return pooling(layer);
  }

  private static UnaryOperator<Tensor> pooling(PlannedLayer layer) {
    LayerSpec spec = layer.spec();
    if (spec instanceof MaxPool pool) {
      Window window = pool.window();
      long[] size = both(window.size());
      long[] stride = both(window.stride());
      long[] padding = padding(window, layer);
      long[] dilation = both(window.dilation());
      return input -> torch.max_pool2d(input, size, stride, padding, dilation, window.ceil());
    }
    if (spec instanceof AveragePool pool) {
      long[] padding = padding(pool.window(), layer);
      return input -> average(input, pool.window(), padding, pool.countPadding());
    }
    if (spec instanceof L2Pool pool) {
      Scalar values = new Scalar((float) pool.window().size().size());
      long[] padding = padding(pool.window(), layer);
      return input -> average(input.mul(input), pool.window(), padding, true).mul(values).sqrt();
    }
    if (spec instanceof GlobalAveragePool) {
      long[] pixels = {2, 3};
      return input -> torch.mean(input, pixels, true, new ScalarTypeOptional());
    }
    return plain(layer);
  }

  private static UnaryOperator<Tensor> plain(PlannedLayer layer) {
    LayerSpec spec = layer.spec();
    if (spec instanceof Flatten) {
      return input -> input.flatten(1, -1);
    }
    if (spec instanceof Sigmoid) {
      return torch::sigmoid;
    }
    if (spec instanceof Tanh) {
      return torch::tanh;
    }
    if (spec instanceof Silu) {
      return torch::silu;
    }
    if (spec instanceof Gelu gelu) {
      String approximate = Options.word(gelu.approximate());
      return input -> torch.gelu(input, approximate);
    }
    throw new IllegalArgumentException(
        "Cannot build %s: no such layer here, got %s."
            .formatted(layer.name(), LayerTypes.nameOf(spec)));
  }

  private static UnaryOperator<Tensor> convolution(
      Convolution spec, PlannedLayer layer, List<Tensor> tensors) {
    ReceptiveField field = spec.field();
    Tensor weight = tensors.get(0);
    TensorOptional bias =
        spec.biases().isPresent() ? new TensorOptional(tensors.get(1)) : new TensorOptional();
    long[] stride = both(field.stride());
    long[] padding = padding(field.window(), layer);
    long[] dilation = both(field.dilation());
    return input -> torch.conv2d(input, weight, bias, stride, padding, dilation, spec.groups());
  }

  private static UnaryOperator<Tensor> fullyConnected(FullyConnected spec, List<Tensor> tensors) {
    TensorOptional bias =
        spec.biases().isPresent() ? new TensorOptional(tensors.get(1)) : new TensorOptional();
    Tensor weight = tensors.get(0);
    return input -> torch.linear(input.flatten(1, -1), weight, bias);
  }

  private static UnaryOperator<Tensor> batchNorm(
      BatchNorm spec, Shape shape, List<Tensor> tensors) {
    TensorOptional weight = new TensorOptional(tensors.get(0));
    TensorOptional bias = new TensorOptional(tensors.get(1));
    TensorOptional mean = new TensorOptional(torch.zeros(shape.channels()));
    TensorOptional variance = new TensorOptional(torch.ones(shape.channels()));
    return input ->
        torch.batch_norm(
            input, weight, bias, mean, variance, true, spec.momentum(), spec.epsilon(), false);
  }

  private static Tensor average(Tensor input, Window window, long[] padding, boolean counted) {
    return torch.avg_pool2d(
        input,
        both(window.size()),
        both(window.stride()),
        padding,
        window.ceil(),
        counted,
        new LongOptional());
  }

  private static long[] padding(Window window, PlannedLayer layer) {
    Padding padding = window.padding(layer.input());
    if (!padding.isSymmetric()) {
      throw new IllegalArgumentException(
          "Cannot build %s: padding must be the same on opposite sides here, got %s."
              .formatted(layer.name(), padding));
    }
    return new long[] {padding.top(), padding.left()};
  }

  private static long[] both(Extent extent) {
    return new long[] {extent.rows(), extent.columns()};
  }
}
