package dev.featuremap.testing;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Small images that a network can tell apart: one bright square a class, in noise. */
public final class SyntheticDigits {
  private SyntheticDigits() {}

  /** The images with record ids {@code [from, from + size)} of the endless set of a seed. */
  public static Shard shard(int from, int size, int side, int classes, long seed) {
    List<ImageChunk> chunks = new ArrayList<>();
    for (int at = 0; at < size; at += MemoryShard.CHUNK_IMAGES) {
      int count = Math.min(MemoryShard.CHUNK_IMAGES, size - at);
      chunks.add(chunk(from + at, count, side, classes, seed));
    }
    return new MemoryShard(chunks);
  }

  private static ImageChunk chunk(int from, int size, int side, int classes, long seed) {
    long[] records = new long[size];
    int[] labels = new int[size];
    byte[] pixels = new byte[size * side * side];
    for (int image = 0; image < size; image++) {
      long hash = CounterRandom.hash(seed, (long) from + image);
      records[image] = (long) from + image;
      labels[image] = (int) Long.remainderUnsigned(hash, classes);
      for (int p = 0; p < side * side; p++) {
        long noise = CounterRandom.hash(hash, p) & 0x7F;
        int cell = p / side / 2 * ((side + 1) / 2) + p % side / 2;
        boolean bright = cell == 3 * labels[image] + 5;
        pixels[image * side * side + p] = (byte) (bright ? 255 : noise);
      }
    }
    return new ImageChunk(new Shape(1, side, side), records, labels, pixels);
  }
}
