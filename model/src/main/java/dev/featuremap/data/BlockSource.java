package dev.featuremap.data;

/** Where the blocks of a mini-batch come from. Threads may ask for different blocks at once. */
public interface BlockSource {

  /**
   * The block of that number in the mini-batch.
   *
   * @param scratch may be filled and returned
   */
  LaneBlock block(int number, LaneBlock scratch);
}
