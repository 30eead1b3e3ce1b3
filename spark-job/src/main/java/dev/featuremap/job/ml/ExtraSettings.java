package dev.featuremap.job.ml;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.config.Keys;
import dev.featuremap.job.config.UriSecrets;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.InitialModelFile;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The param {@code settings}: keys of {@code conf/train.conf} that have no param of their own. */
final class ExtraSettings {
  /** A DataFrame takes the place of all others. */
  private static final List<String> OF_DATA =
      List.of(
          "data.resize",
          "data.exif-rotation",
          "data.keep",
          "data.max-pixels",
          "data.max-bytes",
          "data.max-bad-records");

  /** Spark's cache lets go of pixels after a fit; encoded images would stay on local disks. */
  private static final String KEEP = "data.keep=pixels";

  private ExtraSettings() {}

  /** Makes the param of {@code owner}, empty by default. */
  static StringArrayParam param(Params owner) {
    StringArrayParam settings =
        new StringArrayParam(
            owner,
            "settings",
            "key=value for other keys of conf/train.conf: those of train and sync, "
                + String.join(", ", OF_DATA));
    owner.setDefault(settings, new String[0]);
    return settings;
  }

  /** How images are read that a model predicts; what it was trained with plays no part. */
  static DataSettings ofImages(List<String> extra, String owner, Configuration hadoop) {
    List<String> ofData = extra.stream().filter(setting -> setting.startsWith("data.")).toList();
    return load(List.of(), ofData, owner, Map.of(), hadoop).data();
  }

  /**
   * Completes settings by defaults.
   *
   * @param given by params, each {@code key=value}
   * @param extra what the param {@code settings} holds
   * @param owner names whose params they are in messages
   * @param params by the key that they stand for
   * @throws IllegalArgumentException with every problem found
   */
  static JobConfig load(
      List<String> given,
      List<String> extra,
      String owner,
      Map<String, Param<?>> params,
      Configuration hadoop) {
    List<String> problems = new ArrayList<>();
    Stream.concat(given.stream(), extra.stream())
        .forEach(text -> UriSecrets.problemOfAssignment(text).ifPresent(problems::add));
    Columns.requireNone(owner, problems);
    extra.forEach(setting -> problem(setting, params).ifPresent(problems::add));
    Columns.requireNone(owner, problems);
    String[] all =
        Stream.of(given, List.of(KEEP), extra).flatMap(List::stream).toArray(String[]::new);
    try {
      return JobConfigLoader.of(hadoop, new InitialModelFile(hadoop))
          .load(ConfigRequest.defaults().withAssignments(all));
    } catch (SpecException e) {
      throw refused(owner, e.problems(), e);
    } catch (JobException e) {
      throw refused(owner, List.of(e.getMessage()), e);
    }
  }

  private static Optional<String> problem(String setting, Map<String, Param<?>> params) {
    int equals = setting.indexOf('=');
    if (equals < 1) {
      return Optional.of(
          "Cannot use settings: each must be key=value, got \"%s\".".formatted(setting));
    }
    String key = setting.substring(0, equals).strip();
    if (params.containsKey(key)) {
      return Optional.of(
          "Cannot use %s in settings: it has a param of its own. Set %s."
              .formatted(key, params.get(key).name()));
    }
    boolean unused = !key.startsWith("train.") && !key.startsWith("sync.");
    if (unused && !OF_DATA.contains(key) && Keys.all().contains(key)) {
      return Optional.of(
          "Cannot use %s in settings: images come from a DataFrame and the model goes back to the application. Leave it out."
              .formatted(key));
    }
    return Optional.empty();
  }

  private static IllegalArgumentException refused(
      String owner, List<String> problems, RuntimeException cause) {
    return new IllegalArgumentException(
        "%s: %s".formatted(owner, String.join("\n", problems)), cause);
  }
}
