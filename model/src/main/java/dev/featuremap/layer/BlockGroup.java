package dev.featuremap.layer;

/**
 * Neighbouring blocks of a mini-batch that go through a network together.
 *
 * <p>How a mini-batch is cut into groups changes no result.
 */
public final class BlockGroup {
  private final BlockPass[] passes;
  private int size;
  private int blocksInBatch;

  /** A group with room for {@code capacity} blocks. */
  public BlockGroup(int capacity) {
    passes = new BlockPass[capacity];
    for (int k = 0; k < capacity; k++) {
      passes[k] = new BlockPass();
    }
  }

  /** Sets how many of the blocks are in use, and how many the mini-batch has in all. */
  public void resize(int blocks, int inBatch) {
    size = blocks;
    blocksInBatch = inBatch;
  }

  /** Blocks in use. */
  public int size() {
    return size;
  }

  /** Blocks it has room for. */
  public int capacity() {
    return passes.length;
  }

  /** Blocks of the whole mini-batch. */
  public int blocksInBatch() {
    return blocksInBatch;
  }

  /** What is known of the block at {@code index} of this group. */
  public BlockPass pass(int index) {
    return passes[index];
  }
}
