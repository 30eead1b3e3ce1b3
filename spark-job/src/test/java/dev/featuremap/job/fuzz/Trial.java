package dev.featuremap.job.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What must hold of a parser, whatever it is given; used by one thread. */
final class Trial {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final long ROOM = 1 << 20;
  private static final int MOST_TIMES_USUAL = 8;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final InputParser parser;
  private final long usual;

  /** Parses the seeds first, which the parser must take. */
  Trial(InputParser parser) throws Exception {
    this.parser = parser;
    long most = 0;
    for (byte[] seed : parser.seeds()) {
      parser.parse().accept(seed); // loads classes
      long before = allocated();
      parser.parse().accept(seed);
      most = Math.max(most, allocated() - before);
    }
    this.usual = most;
  }

  /**
   * What is wrong with how the parser treats an input; empty if nothing is. Besides what {@link
   * #problemBesidesMemory} says, it must not allocate more than 1 MiB and the input's size beyond
   * eight times what it needs for a good input: what a damaged one says of itself must not be
   * believed. It counts if it does so twice: a library's table of names grows once.
   */
  Optional<String> problem(byte[] input) {
    long most = ROOM + input.length + MOST_TIMES_USUAL * usual;
    long before = allocated();
    Optional<String> problem = problemBesidesMemory(input);
    long bytes = allocated() - before;
    if (problem.isEmpty() && bytes > most) {
      before = allocated();
      problem = problemBesidesMemory(input);
      bytes = allocated() - before;
    }
    if (problem.isEmpty() && bytes > most) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "allocated %,d bytes for %,d, usual are %,d",
              bytes,
              input.length,
              usual));
    }
    return problem;
  }

  /**
   * The same where memory cannot be measured: the parser must end within a second, with success or
   * a failure that is foreseen.
   */
  Optional<String> problemBesidesMemory(byte[] input) {
    long begin = System.nanoTime();
    Throwable failure = null;
    try {
      parser.parse().accept(input);
    } catch (Throwable e) {
      failure = e;
    }
    long nanos = System.nanoTime() - begin;
    if (failure != null && !parser.foresees(failure)) {
      return Optional.of("unforeseen " + failure + " at " + failure.getStackTrace()[0]);
    }
    return nanos > LIMIT.toNanos()
        ? Optional.of("took %s ms".formatted(nanos / 1_000_000))
        : Optional.empty();
  }

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
