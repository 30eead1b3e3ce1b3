package dev.featuremap.job.watch;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells several listeners, in the order in which they were added, and outlives their failures. */
public final class RunListeners implements RunListener {
  private final Consumer<String> warn;
  private final List<RunListener> listeners = new ArrayList<>();
  private final Set<RunListener> failed = Collections.newSetFromMap(new IdentityHashMap<>());

  /** No listeners yet; {@code warn} is told of the first failure of each. */
  public RunListeners(Consumer<String> warn) {
    this.warn = warn;
  }

  /** Adds a listener, which hears of what happens from now on and is closed with the others. */
  public void add(RunListener listener) {
    listeners.add(listener);
  }

  /** Adds a listener that hears before those that are there. */
  public void addFirst(RunListener listener) {
    listeners.add(0, listener);
  }

  /** Tells whoever is told of failures of something else that does not end the run. */
  public void warn(String message) {
    warn.accept(message);
  }

  @Override
  public String name() {
    return "listeners";
  }

  @Override
  public void started(RunStart start) {
    tell(listener -> listener.started(start));
  }

  @Override
  public void initialized(List<String> taken) {
    tell(listener -> listener.initialized(taken));
  }

  @Override
  public void found(List<String> sets) {
    tell(listener -> listener.found(sets));
  }

  @Override
  public void loaded(ImagesLoaded images) {
    tell(listener -> listener.loaded(images));
  }

  @Override
  public void estimated(String summary, List<String> advice) {
    tell(listener -> listener.estimated(summary, advice));
  }

  @Override
  public void featuresPlanned(String line) {
    tell(listener -> listener.featuresPlanned(line));
  }

  @Override
  public void classesWeighed(String line) {
    tell(listener -> listener.classesWeighed(line));
  }

  @Override
  public void roundStarts(RoundStart round) {
    tell(listener -> listener.roundStarts(round));
  }

  @Override
  public void testLoaded(long bad, String badLines) {
    tell(listener -> listener.testLoaded(bad, badLines));
  }

  @Override
  public void epochDone(EpochDone epoch) {
    tell(listener -> listener.epochDone(epoch));
  }

  @Override
  public void finished(RunResult result) {
    tell(listener -> listener.finished(result));
  }

  @Override
  public void failed(RunStatus status) {
    tell(listener -> listener.failed(status));
  }

  @Override
  public void close() {
    tell(RunListener::close);
  }

  private void tell(Consumer<RunListener> event) {
    for (RunListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (Exception e) {
        // Not only unchecked ones: Spark's own exception is checked, and no signature declares it.
        if (failed.add(listener)) {
          warn.accept(
              "Cannot keep %s up to date: %s Training goes on."
                  .formatted(listener.name(), sentence(e)));
        }
      }
    }
  }

  private static String sentence(Exception e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return text.endsWith(".") ? text : text + ".";
  }
}
