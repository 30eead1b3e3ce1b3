package dev.featuremap.bench.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts what a benchmark does, so that its result can be read as work per second. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  /** Floating-point operations, a fused multiply-add being two. */
  public long flops;

  /** Images. */
  public long images;

  void add(long moreFlops, long moreImages) {
    flops += moreFlops;
    images += moreImages;
  }
}
