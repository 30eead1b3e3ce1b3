package dev.featuremap.random;

/** What a random number is for; each purpose has its own stream. */
public enum Purpose {
  /** Starting values of parameters. */
  INITIALIZATION(1),
  /** Which worker a record belongs to. */
  SHARDING(2),
  /** The order of records in an epoch. */
  EPOCH_ORDER(3),
  /** Which activations dropout keeps. */
  DROPOUT(4),
  /** How training images are changed. */
  AUGMENTATION(5),
  /** Which records of one set are tested on. */
  SPLIT(16),
  /** The order of records in packed files. */
  PACKING(17);

  private final long key;

  Purpose(long key) {
    this.key = key;
  }

  /** A constant that never changes, since results depend on it. */
  long key() {
    return key;
  }
}
