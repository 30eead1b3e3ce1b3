package dev.featuremap.network;

import java.util.ArrayList;
import java.util.List;

/** Plans buffers of which each serves one use after the other; nothing is allocated here. */
final class BufferPool {
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Integer> references = new ArrayList<>();

  /** A buffer of at least {@code size} floats that nobody uses, with one reference. */
  int allocate(int size) {
    int best = -1;
    for (int buffer = 0; buffer < sizes.size(); buffer++) {
      if (references.get(buffer) == 0 && (best < 0 || fits(buffer, best, size))) {
        best = buffer;
      }
    }
    if (best < 0) {
      best = sizes.size();
      sizes.add(size);
      references.add(0);
    }
    sizes.set(best, Math.max(size, sizes.get(best)));
    references.set(best, 1);
    return best;
  }

  /** Whether a buffer wastes or grows less than another. */
  private boolean fits(int buffer, int other, int size) {
    int mine = sizes.get(buffer);
    int its = sizes.get(other);
    return mine >= size ? its < size || mine < its : its < size && mine > its;
  }

  /** Adds a reference. */
  void retain(int buffer) {
    references.set(buffer, references.get(buffer) + 1);
  }

  /** Takes a reference back; without one the buffer serves others. */
  void release(int buffer) {
    references.set(buffer, references.get(buffer) - 1);
  }

  /** True when only one reference is left. */
  boolean isExclusive(int buffer) {
    return references.get(buffer) == 1;
  }

  /** Floats of each buffer. */
  int[] sizes() {
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }
}
