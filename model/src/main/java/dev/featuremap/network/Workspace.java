package dev.featuremap.network;

/**
 * The buffers of a network, of the group of blocks in hand or of all blocks of a mini-batch.
 *
 * <p>The buffers of a mini-batch are shared by all forks, and each fork has views of its group.
 */
record Workspace(float[][][] kept, float[][][] views, int[] sizes, boolean keepsBatch) {

  /** Buffers of the group in hand. */
  static Workspace ofGroup(int[] sizes, int groupBlocks) {
    float[][][] own = allocate(sizes, groupBlocks);
    return new Workspace(own, own, sizes, false);
  }

  /** Buffers of all blocks of a mini-batch. */
  static Workspace ofBatch(int[] sizes, int batchBlocks, int groupBlocks) {
    float[][][] views = new float[sizes.length][groupBlocks][];
    return new Workspace(allocate(sizes, batchBlocks), views, sizes, true);
  }

  /** For a fork of the network. */
  Workspace fork() {
    int groupBlocks = views[0].length;
    return keepsBatch
        ? new Workspace(kept, new float[sizes.length][groupBlocks][], sizes, true)
        : ofGroup(sizes, groupBlocks);
  }

  private static float[][][] allocate(int[] sizes, int blocks) {
    float[][][] buffers = new float[sizes.length][blocks][];
    for (int buffer = 0; buffer < sizes.length; buffer++) {
      for (int block = 0; block < blocks; block++) {
        buffers[buffer][block] = new float[sizes[buffer]];
      }
    }
    return buffers;
  }

  /** Turns to {@code count} blocks of the mini-batch from {@code first} on. */
  void select(int first, int count) {
    if (keepsBatch) {
      for (int buffer = 0; buffer < kept.length; buffer++) {
        System.arraycopy(kept[buffer], first, views[buffer], 0, count);
      }
    }
  }

  /** A buffer of each block of the group. */
  float[][] buffer(int index) {
    return views[index];
  }
}
