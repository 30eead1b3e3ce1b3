package dev.featuremap.bench.deeplearning4j;

import dev.featuremap.bench.Trainer;
import dev.featuremap.bench.TrainerServer;
import dev.featuremap.bench.Workload;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's network of layers, with oneDNN and its workspaces. */
public final class Deeplearning4jTrainer implements Trainer {
  private final NetworkPlan plan;
  private final int batchSize;
  private final LayerList layers;
  private final MultiLayerNetwork network;
  private final INDArray[] images;
  private final INDArray[] labels;

  private Deeplearning4jTrainer(Workload workload) {
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    plan = workload.plan();
    batchSize = workload.batchSize();
    layers = new LayerList(plan);
    network = new MultiLayerNetwork(layers.configuration(plan.spec().input().shape()));
    network.init();
    assign(workload.parameters());
    images = new INDArray[workload.batches()];
    labels = new INDArray[workload.batches()];
    load(workload);
  }

  /** Serves a trainer; the argument names the build of its native library. */
  public static void main(String[] args) throws IOException {
    System.setProperty("org.bytedeco.javacpp.platform.extension", args[0]);
    TrainerServer.serve(Deeplearning4jTrainer::new);
  }

  private void assign(float[] parameters) {
    for (int index = 0; index < plan.tensors().size(); index++) {
      PlannedTensor tensor = plan.tensors().get(index);
      int end = tensor.at() + tensor.spec().size();
      int[] shape = tensor.spec().dimensions().stream().mapToInt(Integer::intValue).toArray();
      INDArray values =
          Nd4j.create(Arrays.copyOfRange(parameters, tensor.at(), end)).reshape('c', shape);
      INDArray target = network.getParam(key(index));
      target.assign(shape.length == 2 ? values.transpose() : values.reshape('c', target.shape()));
    }
  }

  /** Deeplearning4j's name of a tensor: its layer's place, then weights or biases. */
  private String key(int tensor) {
    int layer = layers.withParameters().get(tensor / 2);
    return layer + (tensor % 2 == 0 ? "_W" : "_b");
  }

  private void load(Workload workload) {
    Shape shape = plan.spec().input().shape();
    float[] pixels = workload.pixels();
    int[] classes = workload.labels();
    for (int batch = 0; batch < images.length; batch++) {
      int from = batch * batchSize;
      float[] part =
          Arrays.copyOfRange(pixels, from * shape.size(), (from + batchSize) * shape.size());
      images[batch] =
          Nd4j.create(part)
              .reshape('c', batchSize, shape.channels(), shape.height(), shape.width());
      labels[batch] = Nd4j.zeros(batchSize, plan.classes());
      for (int image = 0; image < batchSize; image++) {
        labels[batch].putScalar(image, classes[from + image], 1f);
      }
    }
  }

  @Override
  public double lossAndGradient(int batch, float[] gradient) {
    network.setInput(images[batch]);
    network.setLabels(labels[batch]);
    network.computeGradientAndScore();
    for (int index = 0; index < plan.tensors().size(); index++) {
      PlannedTensor tensor = plan.tensors().get(index);
      INDArray sums = network.gradient().getGradientFor(key(index));
      boolean matrix = tensor.spec().dimensions().size() == 2;
      float[] values = (matrix ? sums.transpose() : sums).dup('c').data().asFloat();
      for (int k = 0; k < tensor.spec().size(); k++) {
        gradient[tensor.at() + k] = values[k] / batchSize;
      }
    }
    return network.score();
  }

  @Override
  public void step(int batch) {
    network.fit(images[batch], labels[batch]);
  }
}
