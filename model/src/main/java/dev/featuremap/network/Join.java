package dev.featuremap.network;

import dev.featuremap.layer.join.Concatenation;
import dev.featuremap.layer.join.Junction;
import dev.featuremap.layer.join.Product;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Shape;
import java.util.List;

/** How several activations become one. */
public enum Join {
  /** The sum of two activations of one shape. */
  ADD("sum", "add"),

  /** The channels of all, one activation after the other; rows and columns are those of each. */
  CONCAT("channels", "concatenate"),

  /** The product of two activations of one shape, or of one and a value for each channel. */
  MULTIPLY("product", "multiply");

  private final String result;
  private final String verb;

  Join(String result, String verb) {
    this.result = result;
    this.verb = verb;
  }

  /** The type that network files name it by. */
  String type() {
    return Options.word(this);
  }

  /** What it makes, for tables. */
  String result() {
    return result;
  }

  /** What it does, for messages. */
  String verb() {
    return verb;
  }

  /** True if it joins any number of activations, false if just two. */
  boolean takesMany() {
    return this == CONCAT;
  }

  /** Whether the shapes can be joined. */
  boolean fits(List<Shape> inputs) {
    Shape first = inputs.get(0);
    return inputs.stream().allMatch(shape -> fits(first, shape));
  }

  private boolean fits(Shape first, Shape other) {
    boolean gates = other.isFlat() && other.channels() == first.channels();
    return switch (this) {
      case ADD -> other.equals(first);
      case CONCAT -> other.height() == first.height() && other.width() == first.width();
      case MULTIPLY -> other.equals(first) || gates;
    };
  }

  /** What shapes must be, for messages. */
  String rule() {
    return switch (this) {
      case ADD -> "both need one shape";
      case CONCAT -> "all need the same rows and columns";
      case MULTIPLY -> "the second needs the shape of the first, or one value a channel";
    };
  }

  /** The shape of what it makes of shapes that fit. */
  Shape output(List<Shape> inputs) {
    Shape first = inputs.get(0);
    int channels = inputs.stream().mapToInt(Shape::channels).sum();
    return this == CONCAT ? new Shape(channels, first.height(), first.width()) : first;
  }

  /** What computes it; a sum is computed by kernels. */
  Junction junction(List<Shape> inputs) {
    return switch (this) {
      case ADD -> throw new IllegalArgumentException("kernels add");
      case CONCAT -> new Concatenation(inputs);
      case MULTIPLY -> new Product(inputs.get(0), inputs.get(1));
    };
  }
}
