package dev.featuremap.bench.tensorflow;

import dev.featuremap.bench.Trainer;
import dev.featuremap.bench.TrainerServer;
import dev.featuremap.bench.Workload;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** TensorFlow in graph mode: one call of a session is one step. */
public final class TensorflowTrainer implements Trainer {
  private final NetworkPlan plan;
  private final TrainingGraph training;
  private final Session session;
  private final List<Tensor> data = new ArrayList<>();
  private final Session.Runner[] steps;

  private TensorflowTrainer(Workload workload) {
    plan = workload.plan();
    training = new TrainingGraph(plan, workload.batchSize());
    session = new Session(training.graph, configuration(workload.threads()));
    assign(workload.parameters());
    load(workload);
    steps = new Session.Runner[workload.batches()];
    for (int batch = 0; batch < steps.length; batch++) {
      steps[batch] = runner(batch).addTarget(training.step);
    }
  }

  /** Serves a trainer. */
  public static void main(String[] args) throws IOException {
    TrainerServer.serve(TensorflowTrainer::new);
  }

  /** Operations follow one another in all networks: one thread starts them, all compute them. */
  private static ConfigProto configuration(int threads) {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1)
        .setExperimental(
            ConfigProto.Experimental.newBuilder().setExecutorType("SINGLE_THREADED_EXECUTOR"))
        .build();
  }

  private void assign(float[] parameters) {
    Session.Runner runner = session.runner();
    for (int index = 0; index < plan.tensors().size(); index++) {
      PlannedTensor tensor = plan.tensors().get(index);
      int[] indices = ChannelsLast.indices(plan, tensor);
      float[] values = new float[indices.length];
      for (int k = 0; k < values.length; k++) {
        values[k] = parameters[indices[k]];
      }
      runner.feed(training.initials.get(index), tensor(values, ChannelsLast.dimensions(tensor)));
      runner.addTarget(training.assignments.get(index));
    }
    runner.run().close();
  }

  private void load(Workload workload) {
    var shape = plan.spec().input().shape();
    float[] pixels = ChannelsLast.images(workload.pixels(), shape);
    int[] labels = workload.labels();
    int size = workload.batchSize();
    int classes = plan.classes();
    for (int from = 0; from < Workload.IMAGES; from += size) {
      float[] part = Arrays.copyOfRange(pixels, from * shape.size(), (from + size) * shape.size());
      data.add(tensor(part, size, shape.height(), shape.width(), shape.channels()));
      float[] targets = new float[size * classes];
      for (int image = 0; image < size; image++) {
        targets[image * classes + labels[from + image]] = 1f;
      }
      data.add(tensor(targets, size, classes));
    }
  }

  private static Tensor tensor(float[] values, long... dimensions) {
    return TFloat32.tensorOf(Shape.of(dimensions), DataBuffers.of(values));
  }

  private Session.Runner runner(int batch) {
    return session
        .runner()
        .feed(training.images, data.get(2 * batch))
        .feed(training.labels, data.get(2 * batch + 1));
  }

  @Override
  public double lossAndGradient(int batch, float[] gradient) {
    Session.Runner runner = runner(batch).fetch(training.loss);
    for (var output : training.gradients) {
      runner.fetch(output);
    }
    try (Result result = runner.run()) {
      for (int index = 0; index < training.gradients.length; index++) {
        int[] indices = ChannelsLast.indices(plan, plan.tensors().get(index));
        float[] values = new float[indices.length];
        ((TFloat32) result.get(1 + index)).copyTo(DataBuffers.of(values));
        for (int k = 0; k < values.length; k++) {
          gradient[indices[k]] = values[k];
        }
      }
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  @Override
  public void step(int batch) {
    steps[batch].run().close();
  }

  @Override
  public void close() {
    session.close();
    data.forEach(Tensor::close);
    training.close();
  }
}
