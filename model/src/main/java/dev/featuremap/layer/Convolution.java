package dev.featuremap.layer;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.featuremap.init.HeNormal;
import dev.featuremap.init.Initializer;
import dev.featuremap.init.Initializers;
import dev.featuremap.init.Zeros;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Feature maps that share one local receptive field each, slid over the input: {@code out[f,y,x] =
 * b[f] + Σ w[f,c,i,j] · in[c, y·s + i - p, x·s + j - q]}, with zeros outside the input.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [featureMaps, (height + 2p -
 * fieldHeight) / s + 1, (width + 2q - fieldWidth) / s + 1]}.
 *
 * @param featureMaps output channels {@code f}
 * @param fieldHeight rows {@code i} of the local receptive field
 * @param fieldWidth columns {@code j} of the local receptive field
 * @param stride step {@code s} of the field, in rows and in columns
 * @param paddingHeight zero rows {@code p} above and below
 * @param paddingWidth zero columns {@code q} left and right
 * @param weights how weights {@code w} start
 * @param biases how biases {@code b} start
 */
public record Convolution(
    int featureMaps,
    int fieldHeight,
    int fieldWidth,
    int stride,
    int paddingHeight,
    int paddingWidth,
    Initializer weights,
    Initializer biases)
    implements LayerSpec {
  static final String TYPE = "convolution";

  /** Rejects sizes that no convolution has. */
  public Convolution {
    Checks.range(TYPE, "feature maps", featureMaps, 1, Integer.MAX_VALUE);
    Checks.range(TYPE, "field height", fieldHeight, 1, Checks.LARGEST_SIDE);
    Checks.range(TYPE, "field width", fieldWidth, 1, Checks.LARGEST_SIDE);
    Checks.range(TYPE, "stride", stride, 1, Checks.LARGEST_SIDE);
    Checks.range(TYPE, "padding height", paddingHeight, 0, Checks.LARGEST_SIDE);
    Checks.range(TYPE, "padding width", paddingWidth, 0, Checks.LARGEST_SIDE);
  }

  /**
   * Reads {@code feature-maps}, {@code field}, {@code stride}, {@code padding}, {@code initializer}
   * and {@code bias-initializer}.
   */
  static Convolution read(Options options) {
    int featureMaps = options.requiredInteger("feature-maps", 1);
    List<Integer> field = options.requiredPair("field", 1, Checks.LARGEST_SIDE);
    int stride = options.integer("stride", 1, 1, Checks.LARGEST_SIDE);
    List<Integer> padding = readPadding(options, field, stride);
    return new Convolution(
        featureMaps,
        field.get(0),
        field.get(1),
        stride,
        padding.get(0),
        padding.get(1),
        Initializers.read(options, "initializer", new HeNormal()),
        Initializers.read(options, "bias-initializer", new Zeros()));
  }

  private static List<Integer> readPadding(Options options, List<Integer> field, int stride) {
    Optional<ConfigValue> word =
        options.value("padding").filter(value -> value.valueType() == ConfigValueType.STRING);
    if (word.isEmpty()) {
      return options.pair("padding", List.of(0, 0), 0, Checks.LARGEST_SIDE);
    }
    int rows = field.get(0);
    int columns = field.get(1);
    if (!"same".equals(word.get().unwrapped())) {
      options.problem(
          "Cannot use %s.padding: expected same, an integer or a pair of them, got %s."
              .formatted(options.where(), word.get().render()));
    } else if (stride != 1 || rows % 2 == 0 || columns % 2 == 0) {
      options.problem(
          ("Cannot use %s.padding: same needs stride 1 and an odd field, got stride %d and a %s"
                  + " field. Give the padding as a number.")
              .formatted(options.where(), stride, by(rows, columns)));
    }
    return List.of(rows / 2, columns / 2);
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String summary() {
    String strideText = stride == 1 ? "" : ", stride " + stride;
    boolean padded = paddingHeight + paddingWidth > 0;
    return by(fieldHeight, fieldWidth)
        + (featureMaps == 1 ? ", 1 map" : ", " + featureMaps + " maps")
        + strideText
        + (padded ? ", padding " + padding() : "");
  }

  @Override
  public String algorithm(Shape input) {
    return new ConvolutionSizes(this, input)
        .forwardTiles()
        .map(tiles -> "Winograd %s".formatted(by(tiles.tile(), tiles.tile())))
        .orElse("");
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape padded = paddedInput(input);
    if (fieldHeight > padded.height() || fieldWidth > padded.width()) {
      throw new IllegalArgumentException(
          "its %s field does not fit into %s with padding %s"
              .formatted(by(fieldHeight, fieldWidth), input, padding()));
    }
    spreadOutput(input);
    return new Shape(
        featureMaps,
        (padded.height() - fieldHeight) / stride + 1,
        (padded.width() - fieldWidth) / stride + 1);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<Integer> dimensions = List.of(featureMaps, input.channels(), fieldHeight, fieldWidth);
    ParameterSpec.checkSize("weight", dimensions);
    int fanIn = input.channels() * fieldHeight * fieldWidth;
    int fanOut = featureMaps * fieldHeight * fieldWidth;
    return List.of(
        new ParameterSpec("weight", dimensions, weights, fanIn, fanOut, true),
        new ParameterSpec("bias", List.of(featureMaps), biases, fanIn, fanOut, false));
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return new ConvolutionLayer(this, input, place, kernels);
  }

  /** The input with its border of zeros. */
  Shape paddedInput(Shape input) {
    return new Shape(
        input.channels(), input.height() + 2 * paddingHeight, input.width() + 2 * paddingWidth);
  }

  /** The output gradient as the input gradient needs it: spread by the stride, with a border. */
  Shape spreadOutput(Shape input) {
    return new Shape(featureMaps, input.height() + fieldHeight - 1, input.width() + fieldWidth - 1);
  }

  private String padding() {
    return paddingHeight == paddingWidth
        ? Integer.toString(paddingHeight)
        : "[" + paddingHeight + ", " + paddingWidth + "]";
  }

  private static String by(int height, int width) {
    return height + "×" + width;
  }
}
