package dev.featuremap.job.training.rounds;

import dev.featuremap.data.Sha256;
import dev.featuremap.format.FormatException;
import dev.featuremap.format.StateDictionary;
import dev.featuremap.format.TakenValues;
import dev.featuremap.job.config.InitialModel;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.images.source.ReadFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the parameters that a run starts from. */
public final class WarmStart {
  private WarmStart() {}

  /**
   * The parameters and buffers that a configuration names a file of.
   *
   * @throws JobException with {@code BAD_DATA} if the file is another than the settings say, or of
   *     another network; with {@code USAGE} if something is said of names that are not there
   */
  public static Optional<TakenValues> read(
      JobConfig config, NetworkPlan plan, Configuration hadoop) {
    boolean computed = InitialModel.isComputed(config.settings());
    return config
        .initial()
        .map(
            initial ->
                read(
                    initial,
                    computed,
                    new StateDictionary(plan, initial.names(), config.training().seed()),
                    hadoop));
  }

  private static TakenValues read(
      InitialModel initial, boolean computed, StateDictionary wanted, Configuration hadoop) {
    Path path = initial.path();
    StorageFault.requireStore("start from", path);
    try {
      FileSystem fileSystem = FileSystems.of(path, hadoop);
      long length = fileSystem.getFileStatus(path).getLen();
      try (InputStream in = fileSystem.open(path);
          DigestInputStream digested = new DigestInputStream(in, Sha256.start())) {
        TakenValues model = wanted.read(digested, length, path.toString());
        requireSame(
            initial, computed, HexFormat.of().formatHex(digested.getMessageDigest().digest()));
        return model;
      }
    } catch (FormatException e) {
      throw JobException.badData(e);
    } catch (SpecException e) {
      throw JobException.usage(e.getMessage());
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private static void requireSame(InitialModel initial, boolean computed, String found) {
    if (!found.equals(initial.sha256())) {
      if (computed) {
        throw JobException.badData(
            "Cannot start from %s: it has changed since this command began. Start again when it is complete."
                .formatted(initial.path()));
      }
      throw JobException.badData(
          "Cannot start from %s: its SHA-256 must be %s, got %s. Restore the file, or leave train.init-sha256 out."
              .formatted(initial.path(), initial.sha256(), found));
    }
  }
}
