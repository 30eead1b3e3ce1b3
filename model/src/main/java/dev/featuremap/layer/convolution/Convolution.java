package dev.featuremap.layer.convolution;

import dev.featuremap.init.Initializer;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.Checks;
import dev.featuremap.layer.Layer;
import dev.featuremap.layer.LayerPlace;
import dev.featuremap.layer.LayerSpec;
import dev.featuremap.layer.ParameterSpec;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Extent;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Feature maps that share one local receptive field each, slid over the input: {@code out[f,y,x] =
 * b[f] + Σ w[f,c,i,j] · in[c, y·s + i·d - t, x·u + j·e - l]}, with zeros outside the input.
 *
 * <p>In groups the channels and the maps are cut into as many parts, and each part of the maps sees
 * its part of the channels only; one channel a group is a depthwise convolution.
 *
 * <p>Shapes: input {@code [channels, height, width]}, output {@code [featureMaps, (height + t + b -
 * d·(fieldHeight - 1) - 1) / s + 1, (width + l + r - e·(fieldWidth - 1) - 1) / u + 1]}.
 *
 * <pre>{@code
 * { type = convolution, feature-maps = 8, kernel-size = 3 }  # [3, 28, 28] → [8, 26, 26]
 * }</pre>
 *
 * @param featureMaps output channels {@code f}
 * @param field the rows {@code i} and columns {@code j} of the field, its strides {@code s} and
 *     {@code u}, dilations {@code d} and {@code e}, and paddings {@code t} above, {@code b} below,
 *     {@code l} to the left and {@code r} to the right
 * @param groups divides the channels and the feature maps
 * @param weights how weights {@code w} start
 * @param biases how biases {@code b} start; empty for none
 */
public record Convolution(
    int featureMaps,
    ReceptiveField field,
    int groups,
    Initializer weights,
    Optional<Initializer> biases)
    implements LayerSpec {
  public static final String TYPE = "convolution";

  /** Rejects numbers that no convolution has. */
  public Convolution {
    Checks.range(TYPE, "feature maps", featureMaps, 1, Integer.MAX_VALUE);
    Checks.range(TYPE, "groups", groups, 1, Integer.MAX_VALUE);
  }

  /**
   * Reads {@code feature-maps}, {@code field} or {@code kernel-size}, {@code stride}, {@code
   * padding}, {@code dilation}, {@code groups}, {@code initializer}, {@code bias} and {@code
   * bias-initializer}.
   */
  public static Convolution read(Options options) {
    int featureMaps = options.requiredInteger("feature-maps", 1);
    ReceptiveField field = ReceptiveField.read(options);
    int groups = options.integer("groups", 1, 1, Integer.MAX_VALUE);
    Initializer weights = options.choice("initializer", Initializer.HE_NORMAL);
    boolean biased = options.flag("bias", true);
    Initializer biases = options.choice("bias-initializer", Initializer.ZEROS);
    return new Convolution(
        featureMaps, field, groups, weights, biased ? Optional.of(biases) : Optional.empty());
  }

  @Override
  public String summary() {
    return field
        + (featureMaps == 1 ? ", 1 map" : ", " + featureMaps + " maps")
        + field.window().unusual(Extent.ONE)
        + (groups == 1 ? "" : ", " + groups + " groups")
        + (biases.isPresent() ? "" : ", no bias");
  }

  @Override
  public String algorithm(Shape input) {
    return groups > 1
        ? ""
        : new ConvolutionSizes(this, input)
            .forwardTiles()
            .map(tiles -> "Winograd %s×%s".formatted(tiles.tile(), tiles.tile()))
            .orElse("");
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.channels() % groups != 0 || featureMaps % groups != 0) {
      throw new IllegalArgumentException(
          "its %s groups must divide the channels and the feature maps, got %s and %s"
              .formatted(groups, input.channels(), featureMaps));
    }
    Shape output = field.output(input, featureMaps);
    field.spread(input, featureMaps);
    return output;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    int channels = input.channels() / groups;
    List<Integer> dimensions = List.of(featureMaps, channels, field.height(), field.width());
    ParameterSpec.checkSize("weight", dimensions);
    int fanIn = channels * field.size();
    int fanOut = featureMaps / groups * field.size();
    List<ParameterSpec> tensors = new ArrayList<>();
    tensors.add(new ParameterSpec("weight", dimensions, weights, fanIn, fanOut, true));
    biases.ifPresent(
        start ->
            tensors.add(
                new ParameterSpec("bias", List.of(featureMaps), start, fanIn, fanOut, false)));
    return tensors;
  }

  @Override
  public Layer build(Shape input, LayerPlace place, Kernels kernels) {
    return groups == 1
        ? new ConvolutionLayer(this, input, place, kernels)
        : new GroupedConvolutionLayer(this, input, place, kernels);
  }
}
