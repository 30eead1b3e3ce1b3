package dev.featuremap.job.models.importing;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.featuremap.format.FloatType;
import dev.featuremap.job.failure.JobException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of a graph that does not depend on its input: numbers in double, which holds every value
 * of the types that are read, or floats where there are many.
 *
 * @param dims rows, columns and so on; none for a single number
 * @param values by rows
 */
record Constant(List<Long> dims, Values values) {
  /** Values of a tensor, of which those of weights stay floats. */
  interface Values {
    int size();

    double at(int index);
  }

  private record Floats(float[] array) implements Values {
    @Override
    public int size() {
      return array.length;
    }

    @Override
    public double at(int index) {
      return array[index];
    }
  }

  private record Numbers(double[] array) implements Values {
    @Override
    public int size() {
      return array.length;
    }

    @Override
    public double at(int index) {
      return array[index];
    }
  }

  static Constant of(List<Long> dims, double... values) {
    return new Constant(List.copyOf(dims), new Numbers(values));
  }

  static Constant ofFloats(List<Long> dims, float[] values) {
    return new Constant(List.copyOf(dims), new Floats(values));
  }

  /**
   * A tensor of a file.
   *
   * @throws JobException with {@code BAD_DATA} if it is of no type of numbers, is kept in another
   *     file, or has another number of values than its dimensions say
   */
  static Constant of(TensorProto tensor) {
    long size = 1;
    for (long dim : tensor.getDimsList()) {
      size = dim < 0 || size > Integer.MAX_VALUE ? -1 : size * dim;
    }
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw JobException.badData(
          "its tensor %s is kept in a file of its own. Save the model as one file: onnx.save(model, path, save_as_external_data=False)."
              .formatted(tensor.getName()));
    }
    Values values = values(tensor);
    if (values.size() != size) {
      throw JobException.badData(
          "its tensor %s must have %s values by its dimensions, got %s."
              .formatted(tensor.getName(), tensor.getDimsList(), values.size()));
    }
    return new Constant(List.copyOf(tensor.getDimsList()), values);
  }

  private static Values values(TensorProto tensor) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
    ByteString raw = tensor.getRawData();
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (type == null ? TensorProto.DataType.UNDEFINED : type) {
      case FLOAT -> {
        float[] floats = new float[raw.isEmpty() ? tensor.getFloatDataCount() : raw.size() / 4];
        for (int k = 0; k < floats.length; k++) {
          floats[k] = raw.isEmpty() ? tensor.getFloatData(k) : bytes.getFloat();
        }
        yield new Floats(floats);
      }
      case DOUBLE -> {
        double[] values = new double[raw.isEmpty() ? tensor.getDoubleDataCount() : raw.size() / 8];
        for (int k = 0; k < values.length; k++) {
          values[k] = raw.isEmpty() ? tensor.getDoubleData(k) : bytes.getDouble();
        }
        yield new Numbers(values);
      }
      case INT64 -> {
        double[] values = new double[raw.isEmpty() ? tensor.getInt64DataCount() : raw.size() / 8];
        for (int k = 0; k < values.length; k++) {
          values[k] = raw.isEmpty() ? tensor.getInt64Data(k) : bytes.getLong();
        }
        yield new Numbers(values);
      }
      case INT32, INT8, UINT8, BOOL, FLOAT16, BFLOAT16 -> small(tensor, type, raw, bytes);
      default ->
          throw JobException.badData(
              "its tensor %s must hold numbers, got type %s."
                  .formatted(tensor.getName(), tensor.getDataType()));
    };
  }

  /** Types that ONNX keeps in 32 bits where they are not raw. */
  private static Values small(
      TensorProto tensor, TensorProto.DataType type, ByteString raw, ByteBuffer bytes) {
    int width =
        switch (type) {
          case INT32 -> 4;
          case FLOAT16, BFLOAT16 -> 2;
          default -> 1;
        };
    double[] values = new double[raw.isEmpty() ? tensor.getInt32DataCount() : raw.size() / width];
    for (int k = 0; k < values.length; k++) {
      int bits =
          raw.isEmpty()
              ? tensor.getInt32Data(k)
              : width == 4 ? bytes.getInt() : width == 2 ? bytes.getShort() : bytes.get();
      values[k] =
          switch (type) {
            case FLOAT16 -> FloatType.half((short) bits);
            case BFLOAT16 -> Float.intBitsToFloat(bits << 16);
            case UINT8 -> bits & 0xff;
            default -> bits;
          };
    }
    return new Numbers(values);
  }

  int size() {
    return values.size();
  }

  double at(int index) {
    return values.at(index);
  }

  /** The values as whole numbers, for axes and shapes. */
  long[] longs() {
    long[] longs = new long[size()];
    for (int k = 0; k < longs.length; k++) {
      longs[k] = (long) at(k);
    }
    return longs;
  }

  /** The values as floats, in an array that nobody else has where they are not floats yet. */
  float[] floats() {
    if (values instanceof Floats floats) {
      return floats.array();
    }
    float[] copy = new float[size()];
    for (int k = 0; k < copy.length; k++) {
      copy[k] = (float) at(k);
    }
    return copy;
  }

  /** The same values in other dimensions. */
  Constant as(List<Long> other) {
    return new Constant(List.copyOf(other), values);
  }

  /** Rows as columns, of a matrix. */
  Constant transposed() {
    return transposed(1, 0);
  }

  /** The axes in another order. */
  Constant transposed(long... order) {
    int rank = dims.size();
    List<Long> moved = Arrays.stream(order).mapToObj(axis -> dims.get((int) axis)).toList();
    int[] steps = new int[rank]; // of an axis here
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= dims.get(axis).intValue();
    }
    float[] from = floats();
    float[] to = new float[from.length];
    int[] index = new int[rank];
    int at = 0;
    for (int k = 0; k < to.length; k++) {
      to[k] = from[at];
      for (int axis = rank - 1; axis >= 0; axis--) {
        int width = steps[(int) order[axis]];
        at += width;
        if (++index[axis] < moved.get(axis)) {
          break;
        }
        at -= index[axis] * width;
        index[axis] = 0;
      }
    }
    return ofFloats(moved, to);
  }

  /**
   * The dimensions of a reshaped tensor: those of 0 are copied, and one of -1 takes what is left.
   */
  static List<Long> reshaped(List<Long> from, long... target) {
    long size = from.stream().reduce(1L, (a, b) -> a * b);
    List<Long> dims = new ArrayList<>();
    long known = 1;
    for (int k = 0; k < target.length; k++) {
      long dim = target[k] == 0 && k < from.size() ? from.get(k) : target[k];
      dims.add(dim);
      known *= dim > 0 ? dim : 1;
    }
    int open = dims.indexOf(-1L);
    if (open >= 0) {
      dims.set(open, size / known);
    }
    return dims;
  }
}
