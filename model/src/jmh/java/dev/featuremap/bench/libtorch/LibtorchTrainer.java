package dev.featuremap.bench.libtorch;

import dev.featuremap.bench.Trainer;
import dev.featuremap.bench.TrainerServer;
import dev.featuremap.bench.Workload;
import dev.featuremap.network.Join;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.network.PlannedStep;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * libtorch with its functional API, rectifiers in place, its own optimizer, and every tensor of a
 * step released at the step's end.
 */
public final class LibtorchTrainer implements Trainer {
  private final PointerScope scope = new PointerScope();
  private final NetworkPlan plan;
  private final MemoryFormat format;
  private final List<BinaryOperator<Tensor>> functions = new ArrayList<>(); // by step
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
    buildSteps();
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
    Shape shape = plan.spec().input().shape();
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

  private void buildSteps() {
    int[] readers = new int[plan.steps().size() + 1];
    plan.steps().forEach(step -> step.reads().forEach(activation -> readers[activation]++));
    int next = 0;
    boolean rewritable = false;
    for (PlannedStep step : plan.steps()) {
      int input = step.reads().get(0);
      if (step.layer().isEmpty()) {
        functions.add(function(step.join().orElseThrow()));
      } else {
        PlannedLayer layer = step.layer().get();
        int count = layer.spec().parameters(layer.input()).size();
        List<Tensor> tensors = parameters.subList(next, next + count);
        next += count;
        UnaryOperator<Tensor> function =
            LayerFunctions.of(layer, tensors, rewritable && readers[input] == 1);
        functions.add((one, other) -> function.apply(one));
      }
      rewritable = step.layer().isEmpty() || step.layer().get().parameters() > 0;
    }
  }

  private static BinaryOperator<Tensor> function(Join join) {
    return switch (join) {
      case ADD -> torch::add;
      case MULTIPLY -> torch::mul;
      case CONCAT -> throw new IllegalArgumentException("Networks with a concat are not compared.");
    };
  }

  private Tensor loss(int batch) {
    Tensor[] activations = new Tensor[plan.steps().size() + 1];
    activations[0] = images[batch];
    for (PlannedStep step : plan.steps()) {
      int last = step.reads().get(step.reads().size() - 1);
      activations[step.writes()] =
          functions
              .get(step.writes() - 1)
              .apply(activations[step.reads().get(0)], activations[last]);
    }
    return torch.cross_entropy_loss(activations[plan.steps().size()], labels[batch]);
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
