package dev.featuremap.job.torture;

import java.util.Random;

/** One kind of fault. */
interface Campaign {

  /** How the ledger calls it. */
  String name();

  /**
   * Does the faults to runs on a store until the ledger has as many as are wanted.
   *
   * @param faults how many the ledger shall have of this campaign on this store
   * @param random decides where and when
   */
  void run(TortureStore store, int faults, Random random) throws Exception;
}
