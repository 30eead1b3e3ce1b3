package dev.featuremap.bench.deeplearning4j;

import dev.featuremap.bench.Workload;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.convolution.Convolution;
import dev.featuremap.layer.dense.FullyConnected;
import dev.featuremap.layer.elementwise.Dropout;
import dev.featuremap.layer.elementwise.Relu;
import dev.featuremap.layer.pooling.MaxPool;
import dev.featuremap.layer.window.Padding;
import dev.featuremap.network.LayerTypes;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.PlannedLayer;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A plan as Deeplearning4j's layers, of which some have their rectifier inside. */
final class LayerList {
  private final List<Layer> layers = new ArrayList<>();
  private final List<Integer> withParameters = new ArrayList<>();

  LayerList(NetworkPlan plan) {
    List<PlannedLayer> planned = plan.layers();
    for (int index = 0; index < planned.size(); index++) {
      boolean rectified =
          index + 1 < planned.size() && planned.get(index + 1).spec() instanceof Relu;
      add(planned.get(index), rectified, index == planned.size() - 1);
    }
  }

  /** Places, in the network of Deeplearning4j, of the layers with parameters. */
  List<Integer> withParameters() {
    return withParameters;
  }

  MultiLayerConfiguration configuration(Shape input) {
    var list =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .updater(new Sgd(Workload.LEARNING_RATE))
            .list();
    layers.forEach(list::layer);
    return list.setInputType(
            InputType.convolutional(input.height(), input.width(), input.channels()))
        .build();
  }

  private void add(PlannedLayer layer, boolean rectified, boolean last) {
    LayerSpec spec = layer.spec();
    Activation activation = rectified ? Activation.RELU : Activation.IDENTITY;
    if (layer.parameters() > 0) {
      withParameters.add(layers.size());
    }
    if (spec instanceof Convolution convolution) {
      layers.add(convolution(convolution, activation));
    } else if (spec instanceof FullyConnected connected) {
      layers.add(last ? output(connected) : dense(connected, activation));
    } else if (spec instanceof MaxPool pool) {
      layers.add(
          new SubsamplingLayer.Builder(PoolingType.MAX)
              .kernelSize(both(pool.window().size()))
              .stride(both(pool.window().stride()))
              .build());
    } else if (spec instanceof Dropout dropout) {
      if (dropout.rate() > 0) {
        layers.add(new DropoutLayer.Builder(1 - dropout.rate()).build());
      }
    } else if (!(spec instanceof Relu)) {
      throw new IllegalArgumentException(
          "Cannot build %s: no such layer here, got %s."
              .formatted(layer.name(), LayerTypes.nameOf(spec)));
    }
  }

  private static Layer convolution(Convolution spec, Activation activation) {
    Padding padding = spec.field().window().fixedPadding().orElseThrow();
    return new ConvolutionLayer.Builder(spec.field().height(), spec.field().width())
        .stride(both(spec.field().stride()))
        .padding(padding.top(), padding.left())
        .nOut(spec.featureMaps())
        .activation(activation)
        .build();
  }

  private static int[] both(Extent extent) {
    return new int[] {extent.rows(), extent.columns()};
  }

  private static Layer dense(FullyConnected spec, Activation activation) {
    return new DenseLayer.Builder().nOut(spec.outputs()).activation(activation).build();
  }

  private static Layer output(FullyConnected spec) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(spec.outputs())
        .activation(Activation.SOFTMAX)
        .build();
  }
}
