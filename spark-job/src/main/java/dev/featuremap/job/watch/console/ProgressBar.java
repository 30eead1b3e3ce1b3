package dev.featuremap.job.watch.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A live bar on a terminal that shows how far the epoch is: by the rounds that are done, and
 * between rounds by the time the epoch before took.
 *
 * <p>Draws from a thread of its own, which {@link #close} ends.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long PAUSE_MILLIS = 250;
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream terminal;
  private final LongSupplier nanoTime;
  private final Thread drawer;
  private String label = "";
  private double from;
  private double to;
  private double expectedSeconds;
  private long begin;
  private boolean shown;
  private boolean closed;

  /** A bar that draws itself four times a second. */
  public static ProgressBar on(PrintStream terminal) {
    ProgressBar bar = new ProgressBar(terminal, System::nanoTime);
    bar.drawer.start();
    return bar;
  }

  ProgressBar(PrintStream terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.drawer = new Thread(this::drawUntilClosed, "featuremap-progress");
    drawer.setDaemon(true);
  }

  /**
   * Starts a stretch of work.
   *
   * @param what is shown before the bar
   * @param start share of the bar that is done, 0 to 1
   * @param end share that will be done after it
   * @param seconds how long it probably takes; 0 when unknown
   */
  public synchronized void expect(String what, double start, double end, double seconds) {
    label = what;
    from = start;
    to = end;
    expectedSeconds = seconds;
    begin = nanoTime.getAsLong();
    shown = true;
  }

  /** Takes the bar away, so that a line can be printed. */
  public synchronized void erase() {
    if (shown) {
      terminal.print(ERASE);
      terminal.flush();
      shown = false;
    }
  }

  synchronized void draw() {
    if (!shown) {
      return;
    }
    double elapsed = (nanoTime.getAsLong() - begin) / 1e9;
    double share = expectedSeconds > 0 ? Math.min(0.99, elapsed / expectedSeconds) : 0;
    double done = from + (to - from) * share;
    int filled = (int) Math.round(done * WIDTH);
    String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
    terminal.print(
        ERASE
            + String.format(
                Locale.ROOT, "%s [%s] %3.0f %%  %.0f s", label, bar, 100 * done, elapsed));
    terminal.flush();
  }

  private synchronized void drawUntilClosed() {
    while (!closed) {
      draw();
      try {
        wait(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    erase();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      drawer.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
