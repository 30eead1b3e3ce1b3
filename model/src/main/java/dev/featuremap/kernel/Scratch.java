package dev.featuremap.kernel;

import java.util.EnumMap;
import java.util.Map;

/**
 * Arrays for what computations need only while they run. All layers of one thread take turns at
 * one, so that it is as large as the largest of them needs, not as all of them together.
 *
 * <p>Whoever comes next finds what others left, and writes whatever it reads before.
 */
public final class Scratch {
  /** What an array holds. One call uses each for one thing. */
  public enum Use {
    /** Feature maps with a border, or spread. */
    PADDED,
    /** Pixels that belong elsewhere. */
    PIXELS,
    /** The input of Winograd's algorithm, transformed. */
    FACTORS,
    /** Its products, or the output gradient that its weight gradient multiplies. */
    PRODUCTS,
    /** Sums of its weight gradient. */
    SUMS,
    /** Parts of such sums. */
    CHAINS
  }

  /** An array for one use, made at its first. */
  public static final class Buffer {
    private int length;
    private float[] floats = {};

    private Buffer() {}

    /** The array, of at least all lengths that were reserved; valid until the next reservation. */
    public float[] floats() {
      if (floats.length < length) {
        floats = new float[length];
      }
      return floats;
    }
  }

  private final Map<Use, Buffer> buffers = new EnumMap<>(Use.class);

  /** Creates scratch without buffers. */
  public Scratch() {}

  /** The buffer for {@code use}, now for at least {@code length} floats. */
  public Buffer reserve(Use use, int length) {
    Buffer buffer = buffers.computeIfAbsent(use, any -> new Buffer());
    buffer.length = Math.max(buffer.length, length);
    return buffer;
  }
}
