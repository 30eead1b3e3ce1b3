package dev.featuremap.bench.tensorflow;

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
import dev.featuremap.network.PlannedTensor;
import dev.featuremap.tensor.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A network, its loss, the gradients and the update as one TensorFlow graph. */
final class TrainingGraph implements AutoCloseable {
  final Graph graph = new Graph();
  final Placeholder<TFloat32> images;
  final Placeholder<TFloat32> labels;

  /** The starting parameters, in the order of the plan. */
  final List<Placeholder<TFloat32>> initials = new ArrayList<>();

  /** Sets each parameter to what its placeholder is fed. */
  final List<Op> assignments = new ArrayList<>();

  final Operand<TFloat32> loss;
  final Output<?>[] gradients;

  /** Updates all parameters. */
  final NoOp step;

  private final Ops tf = Ops.create(graph);
  private final List<VarHandleOp> variables = new ArrayList<>();
  private final List<Operand<TFloat32>> values = new ArrayList<>();

  TrainingGraph(NetworkPlan plan, int batchSize) {
    var shape = plan.spec().input().shape();
    images = placeholder(Shape.of(batchSize, shape.height(), shape.width(), shape.channels()));
    labels = placeholder(Shape.of(batchSize, plan.classes()));
    for (PlannedTensor tensor : plan.tensors()) {
      addVariable(Shape.of(ChannelsLast.dimensions(tensor)));
    }
    loss =
        tf.math.mean(
            tf.nn.softmaxCrossEntropyWithLogits(logits(plan), labels).loss(), tf.constant(0));
    Output<?>[] inputs = values.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    gradients = graph.addGradients(loss.asOutput(), inputs);
    step = update();
  }

  private Placeholder<TFloat32> placeholder(Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private void addVariable(Shape shape) {
    VarHandleOp variable =
        tf.varHandleOp(
            TFloat32.class, shape, VarHandleOp.sharedName("parameter" + variables.size()));
    Placeholder<TFloat32> initial = placeholder(shape);
    variables.add(variable);
    initials.add(initial);
    assignments.add(tf.assignVariableOp(variable, initial));
    values.add(tf.readVariableOp(variable, TFloat32.class));
  }

  private Operand<TFloat32> logits(NetworkPlan plan) {
    Operand<TFloat32> activations = images;
    int next = 0;
    for (PlannedLayer layer : plan.layers()) {
      activations = apply(layer, activations, next);
      next += layer.parameters() > 0 ? 2 : 0;
    }
    return activations;
  }

  private Operand<TFloat32> apply(PlannedLayer layer, Operand<TFloat32> input, int parameter) {
    LayerSpec spec = layer.spec();
    if (spec instanceof Convolution convolution) {
      long rows = convolution.field().stride().rows();
      long columns = convolution.field().stride().columns();
      return tf.nn.biasAdd(
          tf.nn.conv2d(
              input, values.get(parameter), List.of(1L, rows, columns, 1L), padding(convolution)),
          values.get(parameter + 1));
    }
    if (spec instanceof FullyConnected) {
      Operand<TFloat32> flat = tf.reshape(input, tf.array(-1, layer.input().size()));
      return tf.nn.biasAdd(
          tf.linalg.matMul(flat, values.get(parameter)), values.get(parameter + 1));
    }
    if (spec instanceof MaxPool pool) {
      return maxPool(pool, input);
    }
    if (spec instanceof Relu) {
      return tf.nn.relu(input);
    }
    if (spec instanceof Dropout dropout) {
      return dropout(dropout, input);
    }
    throw new IllegalArgumentException(
        "Cannot build %s: no such layer here, got %s."
            .formatted(layer.name(), LayerTypes.nameOf(spec)));
  }

  private static String padding(Convolution spec) {
    Optional<Padding> padding = spec.field().window().fixedPadding();
    if (padding.isEmpty()) {
      return "SAME";
    }
    if (padding.get().equals(Padding.NONE)) {
      return "VALID";
    }
    boolean same =
        spec.field().stride().equals(Extent.ONE)
            && padding.get().isSymmetric()
            && 2 * padding.get().top() == spec.field().height() - 1
            && 2 * padding.get().left() == spec.field().width() - 1;
    if (!same) {
      throw new IllegalArgumentException(
          "Cannot build a convolution: padding must be none or keep the size, got %s."
              .formatted(padding.get()));
    }
    return "SAME";
  }

  /** The operation with constant windows, which oneDNN takes over; the typed one has operands. */
  private Operand<TFloat32> maxPool(MaxPool spec, Operand<TFloat32> input) {
    return graph
        .opBuilder("MaxPool", "MaxPool" + input.op().name(), graph.baseScope())
        .addInput(input.asOutput())
        .setAttr("ksize", both(spec.window().size()))
        .setAttr("strides", both(spec.window().stride()))
        .setAttr("padding", "VALID")
        .build()
        .output(0);
  }

  private static long[] both(Extent extent) {
    return new long[] {1, extent.rows(), extent.columns(), 1};
  }

  private Operand<TFloat32> dropout(Dropout spec, Operand<TFloat32> input) {
    if (spec.rate() == 0) {
      return input;
    }
    Operand<TInt32> shape = tf.shape(input);
    Operand<TFloat32> draws = tf.random.randomUniform(shape, TFloat32.class);
    Operand<TFloat32> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(draws, tf.constant((float) spec.rate())), TFloat32.class);
    return tf.math.mul(tf.math.mul(input, tf.constant((float) (1 / (1 - spec.rate())))), kept);
  }

  @SuppressWarnings("unchecked") // gradients have the type of what they are of
  private NoOp update() {
    Operand<TFloat32> rate = tf.constant(Workload.LEARNING_RATE);
    List<Op> updates = new ArrayList<>();
    for (int index = 0; index < gradients.length; index++) {
      updates.add(
          tf.train.resourceApplyGradientDescent(
              variables.get(index), rate, (Output<TFloat32>) gradients[index]));
    }
    return tf.withControlDependencies(updates).noOp();
  }

  @Override
  public void close() {
    graph.close();
  }
}
