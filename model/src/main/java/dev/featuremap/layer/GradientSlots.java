package dev.featuremap.layer;

import dev.featuremap.kernel.Parts;
import java.util.Arrays;

/**
 * Sums of one layer's parameter gradient over a mini-batch, in at most {@value #COUNT} slots of
 * neighbouring blocks: blocks add to their slot in order, and the slots are added in order.
 *
 * <p>Which slot a block has depends on the number of blocks alone, so that threads may fill
 * different slots and the sum still has the same bits for any number of threads. Shared by all
 * forks of a layer.
 */
public final class GradientSlots {
  /** Most slots, and so most threads that can work on one mini-batch. */
  public static final int COUNT = 8;

  private final float[][] slots;
  private final int length;

  /**
   * Room for a layer.
   *
   * @param length parameters of the layer
   * @param blocks blocks of the largest mini-batch
   */
  public GradientSlots(int length, int blocks) {
    this.length = length;
    this.slots = new float[Math.min(COUNT, blocks)][length];
  }

  /** Neighbouring blocks that share a slot: the smallest number with enough slots for all. */
  public static int blocksPerSlot(int blocks) {
    return (blocks + COUNT - 1) / COUNT;
  }

  /** Slots that so many blocks fill. */
  public static int used(int blocks) {
    int perSlot = blocksPerSlot(blocks);
    return (blocks + perSlot - 1) / perSlot;
  }

  /** The sums that {@code block} adds to, emptied when it is the first of its slot. */
  public float[] of(int block, int blocksInBatch) {
    int perSlot = blocksPerSlot(blocksInBatch);
    float[] slot = slots[block / perSlot];
    if (block % perSlot == 0) {
      Arrays.fill(slot, 0f);
    }
    return slot;
  }

  /** Writes a part of the sum over all slots to {@code gradient} from {@code at} on. */
  public void sumInto(float[] gradient, int at, int blocksInBatch, int part, int parts) {
    int from = Parts.start(length, part, parts);
    int to = Parts.start(length, part + 1, parts);
    System.arraycopy(slots[0], from, gradient, at + from, to - from);
    for (int s = 1; s < used(blocksInBatch); s++) {
      float[] slot = slots[s];
      for (int k = from; k < to; k++) {
        gradient[at + k] += slot[k];
      }
    }
  }
}
