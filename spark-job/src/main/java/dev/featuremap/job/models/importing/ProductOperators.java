package dev.featuremap.job.models.importing;

import dev.featuremap.job.models.importing.Flow.Layout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Products with matrices, and normalizations. */
final class ProductOperators {
  static final Map<String, Consumer<Place>> ALL =
      Map.of(
          "Gemm", ProductOperators::gemm,
          "MatMul", ProductOperators::matMul,
          "BatchNormalization", ProductOperators::batchNorm,
          "InstanceNormalization", ProductOperators::instanceNorm,
          "GroupNormalization", ProductOperators::groupNorm,
          "LayerNormalization", ProductOperators::layerNorm,
          "LRN", ProductOperators::localResponseNorm);

  private static final String EPSILON = "epsilon";
  private static final String GROUP_NORM = "group-norm";

  private ProductOperators() {}

  private static void gemm(Place place) {
    OnnxNode node = place.node();
    if (node.integer("transA", 0) != 0) {
      throw new IllegalArgumentException("its first input must not be transposed");
    }
    Constant matrix = matrix(place, 1);
    Constant weights = node.integer("transB", 0) == 0 ? matrix.transposed() : matrix;
    int outputs = weights.dims().get(0).intValue();
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put("weight", scaled(weights.floats(), node.number("alpha", 1)));
    place
        .optionalConstant(2)
        .ifPresent(
            bias ->
                tensors.put(
                    "bias", scaled(spread(bias.floats(), outputs), node.number("beta", 1))));
    fullyConnected(place, outputs, tensors);
  }

  private static void matMul(Place place) {
    Constant weights = matrix(place, 1).transposed();
    int outputs = weights.dims().get(0).intValue();
    Map<String, float[]> tensors = Map.of("weight", weights.floats());
    if (place.flow(0).layout() == Layout.CHANNELS_LAST) {
      Flow input = place.flow(0);
      Map<String, Object> options = new LinkedHashMap<>();
      options.put("feature-maps", outputs);
      options.put("kernel-size", 1);
      options.put("bias", false);
      place.result(place.layer(input, "convolution", options, input.element(), tensors));
    } else {
      fullyConnected(place, outputs, tensors);
    }
  }

  private static Constant matrix(Place place, int input) {
    Constant matrix = place.constant(input);
    if (matrix.dims().size() != 2) {
      throw new IllegalArgumentException(
          "its weights must be a matrix, got %s".formatted(matrix.dims()));
    }
    return matrix;
  }

  private static void fullyConnected(Place place, int outputs, Map<String, float[]> tensors) {
    Flow input = place.flow(0, Layout.VECTOR);
    Map<String, Object> options = new LinkedHashMap<>(Map.of("outputs", outputs));
    if (!tensors.containsKey("bias")) {
      options.put("bias", false);
    }
    // A fully connected layer reads maps in the order in which they are flattened.
    Element from = input.element().is("flatten") ? input.element().input() : input.element();
    place.result(place.layer(input, "fully-connected", options, from, tensors));
  }

  static float[] scaled(float[] values, double factor) {
    if (factor == 1) {
      return values;
    }
    float[] scaled = new float[values.length];
    for (int k = 0; k < values.length; k++) {
      scaled[k] = (float) (values[k] * factor);
    }
    return scaled;
  }

  /** One number as many. */
  static float[] spread(float[] values, int size) {
    if (values.length != 1) {
      return values;
    }
    float[] spread = new float[size];
    Arrays.fill(spread, values[0]);
    return spread;
  }

  private static void batchNorm(Place place) {
    OnnxNode node = place.node();
    if (node.integer("training_mode", 0) != 0) {
      throw new IllegalArgumentException(
          "it must normalize by its running statistics. Export the network in inference mode");
    }
    Flow input = place.flow(0);
    channelsFirst(input);
    Map<String, Object> options = new LinkedHashMap<>();
    put(options, EPSILON, node.number(EPSILON, 1e-5), 1e-5);
    double momentum = 1 - node.number("momentum", 0.9);
    put(options, "momentum", Math.round(momentum * 1e6) / 1e6, 0.1);
    if (momentum <= 0) {
      options.remove("momentum");
    }
    Map<String, float[]> tensors =
        Map.of(
            "weight", place.constant(1).floats(),
            "bias", place.constant(2).floats(),
            "running_mean", place.constant(3).floats(),
            "running_var", place.constant(4).floats());
    place.result(place.layer(input, "batch-norm", options, input.element(), tensors));
  }

  private static void channelsFirst(Flow input) {
    if (input.layout() != Layout.CHANNELS_FIRST && input.layout() != Layout.VECTOR) {
      throw new IllegalArgumentException(
          "its input must have channels first, got %s".formatted(input.layout()));
    }
  }

  private static void instanceNorm(Place place) {
    if (place.flow(0).layout() == Layout.GROUP_VALUES) {
      normalizedGroups(place, place.flow(0));
      return;
    }
    Map<String, Object> options = new LinkedHashMap<>(Map.of("affine", true));
    norm(place, "instance-norm", options, place.flow(0, Layout.CHANNELS_FIRST));
  }

  /** Groups of channels as the channels of an instance norm, as PyTorch writes group norms. */
  private static void normalizedGroups(Place place, Flow input) {
    Map<String, Object> options = new LinkedHashMap<>(Map.of("groups", input.groups()));
    boolean plain =
        isAll(place.constant(1).floats(), 1)
            && place.optionalConstant(2).map(bias -> isAll(bias.floats(), 0)).orElse(true);
    if (plain) {
      options.put("affine", false);
      put(options, EPSILON, place.node().number(EPSILON, 1e-5), 1e-5);
      place.result(place.layer(input, GROUP_NORM, options));
    } else {
      norm(place, GROUP_NORM, options, input);
    }
  }

  private static boolean isAll(float[] values, float value) {
    for (float found : values) {
      if (found != value) {
        return false;
      }
    }
    return true;
  }

  private static void groupNorm(Place place) {
    int groups = (int) place.node().integer("num_groups", 1);
    Map<String, Object> options = new LinkedHashMap<>(Map.of("groups", groups));
    norm(place, GROUP_NORM, options, place.flow(0, Layout.CHANNELS_FIRST));
  }

  private static void layerNorm(Place place) {
    Flow input = place.flow(0);
    int axis = Place.axis(place.node().integer("axis", -1), input.rank());
    if (axis != input.rank() - 1 || axis != input.channelAxis()) {
      throw new IllegalArgumentException(
          "it must normalize channels, the last axis, got axis %s of %s"
              .formatted(axis, input.layout()));
    }
    norm(place, "layer-norm", new LinkedHashMap<>(), input);
  }

  private static void norm(Place place, String type, Map<String, Object> options, Flow input) {
    OnnxNode node = place.node();
    int channels = input.shape().channels();
    float[] scale = place.constant(1).floats();
    float[] bias = place.optionalConstant(2).map(Constant::floats).orElse(new float[scale.length]);
    if (options.get("groups") instanceof Integer groups) {
      // Below opset 21 there is one for each group.
      scale = spreadGroups(scale, groups, channels);
      bias = spreadGroups(bias, groups, channels);
    }
    if (scale.length != channels) {
      throw new IllegalArgumentException(
          "its scale must have %s values, got %s".formatted(channels, scale.length));
    }
    put(options, EPSILON, node.number(EPSILON, 1e-5), 1e-5);
    Map<String, float[]> tensors = Map.of("weight", scale, "bias", bias);
    place.result(place.layer(input, type, options, input.element(), tensors));
  }

  private static float[] spreadGroups(float[] values, int groups, int channels) {
    if (values.length != groups || channels % groups != 0) {
      return values;
    }
    float[] spread = new float[channels];
    for (int c = 0; c < channels; c++) {
      spread[c] = values[c / (channels / groups)];
    }
    return spread;
  }

  private static void localResponseNorm(Place place) {
    OnnxNode node = place.node();
    Flow input = place.flow(0, Layout.CHANNELS_FIRST);
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("size", (int) node.integer("size", 1));
    put(options, "alpha", node.number("alpha", 1e-4), 1e-4);
    put(options, "beta", node.number("beta", 0.75), 0.75);
    put(options, "k", node.number("bias", 1), 1);
    place.result(place.layer(input, "local-response-norm", options));
  }

  private static void put(Map<String, Object> options, String key, double value, double unless) {
    if (value != unless) {
      options.put(key, value);
    }
  }
}
