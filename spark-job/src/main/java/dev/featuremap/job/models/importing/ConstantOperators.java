package dev.featuremap.job.models.importing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What operators make of constants alone: weights that are filled or reshaped by nodes, and the
 * dimensions that graphs compute before they reshape.
 */
final class ConstantOperators {
  /** More values than a network may have are not made of a few bytes. */
  private static final long MOST_VALUES = 1L << 29;

  static final Map<String, Function<Place, Constant>> ALL = all();

  private ConstantOperators() {}

  private static Map<String, Function<Place, Constant>> all() {
    Map<String, Function<Place, Constant>> all = new HashMap<>();
    all.put("Constant", ConstantOperators::constant);
    all.put("ConstantOfShape", ConstantOperators::filled);
    all.put("Identity", place -> place.constant(0));
    all.put("Cast", ConstantOperators::cast);
    all.put("Unsqueeze", ConstantOperators::unsqueeze);
    all.put("Squeeze", ConstantOperators::squeeze);
    all.put("Reshape", ConstantOperators::reshape);
    all.put("Concat", ConstantOperators::concat);
    all.put("Gather", ConstantOperators::gather);
    all.put("Slice", ConstantOperators::slice);
    all.put("Transpose", ConstantOperators::transpose);
    all.put("Add", place -> binary(place, Double::sum));
    all.put("Sub", place -> binary(place, (a, b) -> a - b));
    all.put("Mul", place -> binary(place, (a, b) -> a * b));
    all.put("Div", place -> binary(place, ConstantOperators::quotient));
    all.put("Pow", place -> binary(place, Math::pow));
    all.put("Sqrt", place -> changed(place, Math::sqrt));
    all.put("Reciprocal", place -> changed(place, value -> 1 / value));
    all.put("Neg", place -> changed(place, value -> -value));
    all.put("Expand", ConstantOperators::expand);
    all.put("Shape", ConstantOperators::shape);
    all.put("Range", ConstantOperators::range);
    return all;
  }

  private static Constant constant(Place place) {
    OnnxNode node = place.node();
    if (node.tensor("value").isPresent()) {
      return Constant.of(node.tensor("value").get());
    }
    if (node.has("value_float")) {
      return Constant.of(List.of(), node.number("value_float", 0));
    }
    if (node.has("value_int")) {
      return Constant.of(List.of(), (double) node.integer("value_int", 0));
    }
    double[] values =
        node.has("value_floats")
            ? node.numbers("value_floats").stream().mapToDouble(Float::doubleValue).toArray()
            : Arrays.stream(node.integers("value_ints")).asDoubleStream().toArray();
    return Constant.of(List.of((long) values.length), values);
  }

  private static Constant filled(Place place) {
    List<Long> dims = Arrays.stream(place.constant(0).longs()).boxed().toList();
    double value =
        place.node().tensor("value").map(tensor -> Constant.of(tensor).at(0)).orElse(0.0);
    float[] values = new float[size(dims)];
    Arrays.fill(values, (float) value);
    return Constant.ofFloats(dims, values);
  }

  private static int size(List<Long> dims) {
    long size = 1;
    for (long dim : dims) {
      size = dim < 0 || dim > MOST_VALUES ? MOST_VALUES + 1 : size * dim;
      if (size > MOST_VALUES) {
        throw new IllegalArgumentException("its result is too large, got dimensions " + dims);
      }
    }
    return (int) size;
  }

  /** Whole numbers are cut off, as a cast to integers does. */
  private static Constant cast(Place place) {
    Constant from = place.constant(0);
    int to = (int) place.node().integer("to", 1);
    boolean floats = to == 1 || to == 10 || to == 11 || to == 16;
    if (floats) {
      return from;
    }
    double[] values = new double[from.size()];
    Arrays.setAll(values, k -> (long) from.at(k));
    return Constant.of(from.dims(), values);
  }

  private static Constant unsqueeze(Place place) {
    Constant from = place.constant(0);
    long[] axes = place.integers("axes", 1).orElse(new long[0]);
    int rank = from.dims().size() + axes.length;
    List<Long> dims = new ArrayList<>(from.dims());
    Arrays.stream(axes)
        .mapToInt(axis -> Place.axis(axis, rank))
        .sorted()
        .forEach(axis -> dims.add(Math.min(axis, dims.size()), 1L));
    return from.as(dims);
  }

  private static Constant squeeze(Place place) {
    Constant from = place.constant(0);
    int rank = from.dims().size();
    List<Integer> axes =
        place
            .integers("axes", 1)
            .map(all -> Arrays.stream(all).mapToObj(axis -> Place.axis(axis, rank)).toList())
            .orElse(List.of());
    List<Long> dims = new ArrayList<>();
    for (int k = 0; k < rank; k++) {
      boolean drops = axes.isEmpty() ? from.dims().get(k) == 1 : axes.contains(k);
      if (!drops) {
        dims.add(from.dims().get(k));
      }
    }
    return from.as(dims);
  }

  private static Constant reshape(Place place) {
    Constant from = place.constant(0);
    List<Long> dims = Constant.reshaped(from.dims(), place.shape());
    if (size(dims) != from.size()) {
      throw new IllegalArgumentException(
          "it must keep the number of values, got %s of %s".formatted(dims, from.dims()));
    }
    return from.as(dims);
  }

  private static Constant concat(Place place) {
    List<Double> values = new ArrayList<>();
    for (int k = 0; k < place.node().inputs(); k++) {
      Constant part = place.constant(k);
      vector(part);
      for (int index = 0; index < part.size(); index++) {
        values.add(part.at(index));
      }
    }
    double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
    return Constant.of(List.of((long) all.length), all);
  }

  private static Constant gather(Place place) {
    Constant from = place.constant(0);
    vector(from);
    Constant indices = place.constant(1);
    double[] values = new double[indices.size()];
    for (int k = 0; k < values.length; k++) {
      int index = Place.axis((long) indices.at(k), from.size());
      if (index < 0 || index >= from.size()) {
        throw new IllegalArgumentException("it reads behind the end of its input");
      }
      values[k] = from.at(index);
    }
    return Constant.of(indices.dims(), values);
  }

  private static Constant slice(Place place) {
    Constant from = place.constant(0);
    vector(from);
    long start = place.integers("starts", 1).orElse(new long[] {0})[0];
    long end = place.integers("ends", 2).orElse(new long[] {Long.MAX_VALUE})[0];
    int size = from.size();
    int first = (int) Math.max(0, Math.min(size, start < 0 ? start + size : start));
    int last = (int) Math.max(first, Math.min(size, end < 0 ? end + size : end));
    double[] values = new double[last - first];
    Arrays.setAll(values, k -> from.at(first + k));
    return Constant.of(List.of((long) values.length), values);
  }

  private static void vector(Constant constant) {
    if (constant.dims().size() > 1) {
      throw new IllegalArgumentException(
          "it must work on a list of numbers, got %s".formatted(constant.dims()));
    }
  }

  private static Constant transpose(Place place) {
    Constant from = place.constant(0);
    int rank = from.dims().size();
    long[] reversed = LongStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
    return from.transposed(place.node().integers("perm", reversed));
  }

  private static Constant changed(Place place, DoubleUnaryOperator operator) {
    Constant from = place.constant(0);
    double[] values = new double[from.size()];
    Arrays.setAll(values, k -> operator.applyAsDouble(from.at(k)));
    return Constant.of(from.dims(), values);
  }

  private static Constant shape(Place place) {
    List<Long> dims = place.constant(0).dims();
    double[] values = dims.stream().mapToDouble(Long::doubleValue).toArray();
    return Constant.of(List.of((long) values.length), values);
  }

  private static Constant range(Place place) {
    double start = place.constant(0).at(0);
    double delta = place.constant(2).at(0);
    double steps = Math.ceil((place.constant(1).at(0) - start) / delta);
    double[] values = new double[size(List.of((long) Math.max(0, steps)))];
    Arrays.setAll(values, k -> start + k * delta);
    return Constant.of(List.of((long) values.length), values);
  }

  /** Repeated along axes of one, and along new ones in front. */
  private static Constant expand(Place place) {
    Constant from = place.constant(0);
    long[] target = place.constant(1).longs();
    int rank = Math.max(target.length, from.dims().size());
    long[] dims = new long[rank];
    int[] steps = new int[rank]; // in the input; 0 along what is repeated
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int mine = axis - rank + from.dims().size();
      int other = axis - rank + target.length;
      long size = mine < 0 ? 1 : from.dims().get(mine);
      long wanted = other < 0 ? 1 : target[other];
      if (size != wanted && size != 1 && wanted != 1) {
        throw new IllegalArgumentException(
            "it must repeat axes of one, got %s of %s"
                .formatted(Arrays.toString(target), from.dims()));
      }
      dims[axis] = Math.max(size, wanted);
      steps[axis] = size == 1 ? 0 : step;
      step *= (int) size;
    }
    List<Long> all = Arrays.stream(dims).boxed().toList();
    double[] values = new double[size(all)];
    for (int k = 0; k < values.length; k++) {
      int at = 0;
      long rest = k;
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += (int) (rest % dims[axis]) * steps[axis];
        rest /= dims[axis];
      }
      values[k] = from.at(at);
    }
    return Constant.of(all, values);
  }

  private static double quotient(double a, double b) {
    boolean whole = a == Math.rint(a) && b == Math.rint(b) && b != 0;
    return whole && Math.abs(a) >= Math.abs(b) ? (double) (long) (a / b) : a / b;
  }

  /** Of numbers of one shape, or of one and many. */
  private static Constant binary(Place place, DoubleBinaryOperator operator) {
    Constant left = place.constant(0);
    Constant right = place.constant(1);
    Constant larger = left.size() >= right.size() ? left : right;
    boolean fits = left.size() == 1 || right.size() == 1 || left.dims().equals(right.dims());
    if (!fits) {
      throw new IllegalArgumentException(
          "its constants must have one shape, got %s and %s".formatted(left.dims(), right.dims()));
    }
    double[] values = new double[larger.size()];
    Arrays.setAll(
        values,
        k ->
            operator.applyAsDouble(
                left.at(left.size() == 1 ? 0 : k), right.at(right.size() == 1 ? 0 : k)));
    List<Long> dims = new ArrayList<>(larger.dims());
    while (dims.size() < Math.max(left.dims().size(), right.dims().size())) {
      dims.add(0, 1L);
    }
    return Constant.of(dims, values);
  }
}
