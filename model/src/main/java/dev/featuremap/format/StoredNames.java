package dev.featuremap.format;

/** The names of what readers of models look for in the directories of runs and published models. */
public final class StoredNames {
  /** A checkpoint's file with the parameters; any reader of safetensors takes it as a model. */
  public static final String MODEL = "model.safetensors";

  /** A run's directory with one {@link SealedJson} for each published checkpoint. */
  public static final String MANIFESTS = "manifests";

  /** What a manifest calls its value. */
  public static final String MANIFEST = "manifest";

  /** A run's directory with one directory for each checkpoint. */
  public static final String CHECKPOINTS = "checkpoints";

  /** A run's resolved configuration. */
  public static final String CONFIG = "config.conf";

  /** The directory of a published model with one {@link SealedJson} for each change. */
  public static final String HISTORY = "history";

  /** What an entry of the history calls its value. */
  public static final String ENTRY = "entry";

  /** The directory of a published model with one directory for each version. */
  public static final String VERSIONS = "models";

  /** The alias that each new version gets. */
  public static final String LATEST = "latest";

  private StoredNames() {}
}
