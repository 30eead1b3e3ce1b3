package dev.featuremap.bench.libtorch;

import dev.featuremap.bench.Trainer;
import dev.featuremap.bench.TrainerServer;
import dev.featuremap.bench.Workload;
import dev.featuremap.layer.Convolution;
import dev.featuremap.layer.Dropout;
import dev.featuremap.layer.FullyConnected;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.MaxPool;
import dev.featuremap.layer.Relu;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkPlan.PlannedLayer;
import dev.featuremap.network.NetworkPlan.PlannedTensor;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * libtorch with its functional API, rectifiers in place, its own optimizer, and every tensor of a
 * step released at the step's end.
 */
public final class LibtorchTrainer implements Trainer {
  private static final long[] ONES = {1, 1};

  private final PointerScope scope = new PointerScope();
  private final NetworkPlan plan;
  private final MemoryFormat format;
  private final List<UnaryOperator<Tensor>> layers = new ArrayList<>();
  private final List<Tensor> parameters = new ArrayList<>();
  private final Tensor[] images;
  private final Tensor[] labels;
  private final SGD sgd;

  private LibtorchTrainer(Workload workload, MemoryFormat format) {
    this.format = format;
    torch.set_num_threads(workload.threads());
    plan = workload.plan();
    float[] values = workload.parameters();
    for (PlannedTensor tensor : plan.tensors()) {
      parameters.add(parameter(tensor, values));
    }
    buildLayers();
    images = new Tensor[workload.batches()];
    labels = new Tensor[workload.batches()];
    load(workload);
    sgd =
        new SGD(
            new TensorVector(parameters.toArray(Tensor[]::new)),
            new SGDOptions(Workload.LEARNING_RATE));
  }

  /** Serves a trainer; the argument is {@code contiguous} or {@code channels-last}. */
  public static void main(String[] args) throws IOException {
    // Everything is released explicitly; JavaCPP need not watch each pointer for the collector.
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    MemoryFormat format =
        args[0].equals("channels-last") ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
    TrainerServer.serve(workload -> new LibtorchTrainer(workload, format));
  }

  private Tensor parameter(PlannedTensor tensor, float[] values) {
    long[] dimensions = tensor.spec().dimensions().stream().mapToLong(Integer::longValue).toArray();
    int end = tensor.at() + tensor.spec().size();
    Tensor parameter = Tensor.create(Arrays.copyOfRange(values, tensor.at(), end), dimensions);
    return (dimensions.length == 4 ? parameter.contiguous(format) : parameter).requires_grad_(true);
  }

  private void load(Workload workload) {
    Shape shape = plan.network().input().shape();
    float[] pixels = workload.pixels();
    int[] classes = workload.labels();
    int size = workload.batchSize();
    for (int batch = 0; batch < images.length; batch++) {
      int from = batch * size;
      float[] part = Arrays.copyOfRange(pixels, from * shape.size(), (from + size) * shape.size());
      images[batch] =
          Tensor.create(part, size, shape.channels(), shape.height(), shape.width())
              .contiguous(format);
      labels[batch] =
          Tensor.create(
              Arrays.stream(classes, from, from + size).asLongStream().toArray(), (long) size);
    }
  }

  private void buildLayers() {
    int next = 0;
    for (PlannedLayer layer : plan.layers()) {
      LayerSpec spec = layer.spec();
      if (spec instanceof Convolution convolution) {
        layers.add(convolution(convolution, parameters.get(next), parameters.get(next + 1)));
        next += 2;
      } else if (spec instanceof FullyConnected) {
        layers.add(fullyConnected(layer.input(), parameters.get(next), parameters.get(next + 1)));
        next += 2;
      } else if (spec instanceof MaxPool pool) {
        layers.add(maxPool(pool));
      } else if (spec instanceof Relu) {
        layers.add(torch::relu_);
      } else if (spec instanceof Dropout dropout) {
        layers.add(input -> torch.dropout(input, dropout.rate(), true));
      } else {
        throw new IllegalArgumentException(
            "Cannot build %s: no such layer here, got %s.".formatted(layer.name(), spec.type()));
      }
    }
  }

  private static UnaryOperator<Tensor> convolution(Convolution spec, Tensor weight, Tensor bias) {
    TensorOptional optionalBias = new TensorOptional(bias);
    long[] stride = {spec.stride(), spec.stride()};
    long[] padding = {spec.paddingHeight(), spec.paddingWidth()};
    return input -> torch.conv2d(input, weight, optionalBias, stride, padding, ONES, 1);
  }

  private static UnaryOperator<Tensor> fullyConnected(Shape shape, Tensor weight, Tensor bias) {
    TensorOptional optionalBias = new TensorOptional(bias);
    return shape.isFlat()
        ? input -> torch.linear(input, weight, optionalBias)
        : input -> torch.linear(input.flatten(1, -1), weight, optionalBias);
  }

  private static UnaryOperator<Tensor> maxPool(MaxPool spec) {
    long[] window = {spec.window(), spec.window()};
    long[] stride = {spec.stride(), spec.stride()};
    long[] padding = {0, 0};
    return input -> torch.max_pool2d(input, window, stride, padding, ONES, false);
  }

  private Tensor loss(int batch) {
    Tensor activations = images[batch];
    for (UnaryOperator<Tensor> layer : layers) {
      activations = layer.apply(activations);
    }
    return torch.cross_entropy_loss(activations, labels[batch]);
  }

  @Override
  public double lossAndGradient(int batch, float[] gradient) {
    try (PointerScope step = new PointerScope()) {
      sgd.zero_grad();
      Tensor loss = loss(batch);
      loss.backward();
      for (int index = 0; index < parameters.size(); index++) {
        PlannedTensor tensor = plan.tensors().get(index);
        parameters
            .get(index)
            .grad()
            .contiguous()
            .data_ptr_float()
            .get(gradient, tensor.at(), tensor.spec().size());
      }
      return loss.item_float();
    }
  }

  @Override
  public void step(int batch) {
    try (PointerScope step = new PointerScope()) {
      sgd.zero_grad();
      loss(batch).backward();
      sgd.step();
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
