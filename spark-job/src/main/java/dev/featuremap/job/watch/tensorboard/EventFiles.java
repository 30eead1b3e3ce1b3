package dev.featuremap.job.watch.tensorboard;

import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RunListener;
import dev.featuremap.job.watch.RunStart;
import dev.featuremap.job.watch.page.NetworkPictures;
import dev.featuremap.network.NetworkPlan;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * Keeps one event file for each epoch in the run's directory. Files appear whole, in the order of
 * their names, and are never appended to, which object stores cannot: TensorBoard goes from one to
 * the next. An epoch that is trained again, after a kill, gets the same file again.
 */
public final class EventFiles implements RunListener {
  private final Storage storage;
  private final Path directory;
  private NetworkPlan network;

  /**
   * Event files of a run.
   *
   * @param directory for them alone, in the run's
   */
  public EventFiles(Storage storage, Path directory) {
    this.storage = storage;
    this.directory = directory;
  }

  @Override
  public String name() {
    return "TensorBoard's event files";
  }

  /**
   * Writes the files that are missing of epochs that are done: the driver before this one died
   * between a checkpoint and its file, or had no event files to write.
   */
  @Override
  public void started(RunStart start) {
    network = NetworkPlan.of(start.config().network());
    List<EpochMetrics> history = start.history();
    if (history.isEmpty()) {
      return;
    }
    Set<String> there = new HashSet<>(storage.list(directory));
    Instant end = start.status().started();
    for (EpochMetrics epoch : history) {
      // Nobody has noted when it was: as if the run had not been interrupted.
      end = end.plusMillis(Math.round(1e3 * epoch.seconds()));
      if (!there.contains(fileName(epoch))) {
        write(epoch, scalars(epoch, end));
      }
    }
  }

  @Override
  public void epochDone(EpochDone done) {
    EpochMetrics epoch = done.metrics();
    EventFile file = scalars(epoch, Instant.now());
    new NetworkPictures(network, done.model().get())
        .filters()
        .ifPresent(filters -> file.image(filters.tensor(), filters.mosaic()));
    write(epoch, file);
  }

  private static EventFile scalars(EpochMetrics epoch, Instant time) {
    EventFile file = new EventFile(epoch.epoch(), time);
    file.scalars(epoch.values());
    return file;
  }

  private void write(EpochMetrics epoch, EventFile file) {
    storage.replace(PathText.child(directory, fileName(epoch)), file.bytes());
  }

  /** TensorBoard reads files with this word in their names, in alphabetical order. */
  private static String fileName(EpochMetrics epoch) {
    return String.format(Locale.ROOT, "events.out.tfevents.%010d.featuremap", epoch.epoch());
  }
}
