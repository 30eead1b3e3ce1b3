package dev.featuremap.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What code allocates. */
public final class Allocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 10;

  private Allocations() {}

  /** The fewest bytes that one of several runs allocates on this thread; the first may warm up. */
  public static long leastOf(Runnable run) {
    long least = Long.MAX_VALUE;
    for (int k = 0; k < RUNS; k++) {
      long before = allocatedBytes();
      run.run();
      least = Math.min(least, allocatedBytes() - before);
    }
    return least;
  }

  private static long allocatedBytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
