package dev.featuremap.serving;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.featuremap.data.Sha256;
import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.format.StoredNames;
import dev.featuremap.image.Resize;
import dev.featuremap.spec.Hocon;
import dev.featuremap.spec.Options;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds models on local disks, as the job writes them: a file, a directory that holds it, a run, or
 * a published model. What a run or a published model says of a file's bytes is checked.
 */
final class StoredModel {
  private static final String RESIZE = "resize";

  /** A run that goes on may delete a checkpoint while it is read; then there is a newer one. */
  private static final int ATTEMPTS = 5;

  private StoredModel() {}

  /**
   * The model that a path means.
   *
   * @param best whether a run's checkpoint of the best accuracy is meant
   * @throws IOException if there is none, or if it is damaged
   */
  static ModelFile find(Path path, boolean best) throws IOException {
    try {
      return at(path, best);
    } catch (ConfigException e) {
      throw new FormatException("Cannot load %s: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static ModelFile at(Path path, boolean best) throws IOException {
    if (best || Files.isDirectory(path.resolve(StoredNames.MANIFESTS))) {
      return ofRun(path, best);
    }
    if (Files.isDirectory(path.resolve(StoredNames.HISTORY))) {
      return published(path, StoredNames.LATEST);
    }
    if (Files.exists(path.resolve(StoredNames.MODEL))) {
      return read(path.resolve(StoredNames.MODEL));
    }
    if (Files.isRegularFile(path)) {
      return read(path);
    }
    String name = String.valueOf(path.getFileName());
    int at = name.lastIndexOf('@');
    if (at > 0) {
      Path directory = path.resolveSibling(name.substring(0, at));
      if (Files.isDirectory(directory.resolve(StoredNames.HISTORY))) {
        return published(directory, name.substring(at + 1));
      }
    }
    throw new FileNotFoundException(
        "Cannot load %s: %s. Give a %s, or the directory of a run, a checkpoint or a published model."
            .formatted(
                path,
                Files.exists(path) ? "there is no model in it" : "there is no such file",
                StoredNames.MODEL));
  }

  private static ModelFile read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ModelFile.read(in, Files.size(file), file.toString());
    }
  }

  private static ModelFile ofRun(Path run, boolean best) throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Path> manifests = numbered(run.resolve(StoredNames.MANIFESTS));
      try {
        ModelFile model = ofManifests(run, manifests, best);
        return model.resize().equals(Resize.NONE) ? model.resizing(configured(run)) : model;
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS || numbered(run.resolve(StoredNames.MANIFESTS)).equals(manifests)) {
          throw e;
        }
      }
    }
  }

  /** A writer that had lost the run may have got a number that was freed: its fence is lower. */
  private static ModelFile ofManifests(Path run, List<Path> manifests, boolean best)
      throws IOException {
    long fence = 0;
    for (Path file : manifests) {
      Optional<Config> found = SealedJsonFile.read(file, StoredNames.MANIFEST);
      if (found.isEmpty()) {
        continue;
      }
      Config manifest = found.get();
      long own = manifest.getLong("fence");
      if (manifest.getLong("number") >= fence && own < fence) {
        continue;
      }
      fence = Math.max(fence, own);
      if (manifest.hasPath("checkpoint") && (!best || manifest.getBoolean("checkpoint.best"))) {
        return ofCheckpoint(run, manifest.getConfig("checkpoint"), file);
      }
    }
    throw new FileNotFoundException(
        "Cannot load %s: it has no checkpoint%s. Give the directory of a run."
            .formatted(run, best ? " of a whole epoch" : ""));
  }

  private static ModelFile ofCheckpoint(Path run, Config checkpoint, Path manifest)
      throws IOException {
    for (Config object : checkpoint.getConfigList("objects")) {
      if (object.getString("name").equals(StoredNames.MODEL)) {
        Path directory =
            run.resolve(StoredNames.CHECKPOINTS).resolve(plain(checkpoint, "directory", manifest));
        return verified(directory.resolve(StoredNames.MODEL), object);
      }
    }
    throw SealedJsonFile.damaged(manifest, "its checkpoint has no " + StoredNames.MODEL);
  }

  /** How images are resized, for runs whose models do not say it yet. */
  private static Resize configured(Path run) throws IOException {
    Path file = run.resolve(StoredNames.CONFIG);
    if (!Files.exists(file)) {
      return Resize.NONE;
    }
    Config config = Hocon.parse(Files.readString(file), file.toString());
    List<String> problems = new ArrayList<>();
    Resize resize = Resize.read(Options.of(config, "", problems).section("data"), RESIZE);
    if (!problems.isEmpty()) {
      throw SealedJsonFile.damaged(file, problems.get(0));
    }
    return resize;
  }

  private static ModelFile published(Path directory, String selector) throws IOException {
    List<Path> history = numbered(directory.resolve(StoredNames.HISTORY));
    if (selector.matches("[1-9][0-9]{0,8}")) {
      return version(directory, Long.parseLong(selector), selector);
    }
    for (Path file : history) {
      Optional<Config> entry = SealedJsonFile.read(file, StoredNames.ENTRY);
      if (entry.isPresent() && entry.get().getStringList("aliases").contains(selector)) {
        return version(directory, entry.get().getLong("version"), selector);
      }
    }
    throw missing(directory, selector);
  }

  private static ModelFile version(Path directory, long version, String selector)
      throws IOException {
    Path file =
        directory
            .resolve(StoredNames.HISTORY)
            .resolve(String.format(Locale.ROOT, "%010d.json", version));
    if (Files.exists(file)) {
      Optional<Config> entry = SealedJsonFile.read(file, StoredNames.ENTRY);
      if (entry.isPresent() && entry.get().hasPath("model")) {
        Config model = entry.get().getConfig("model");
        Path copy =
            directory.resolve(StoredNames.VERSIONS).resolve(plain(model, "directory", file));
        return verified(copy.resolve(plain(model, "name", file)), model);
      }
    }
    throw missing(directory, selector);
  }

  private static FileNotFoundException missing(Path directory, String selector) {
    return new FileNotFoundException(
        "Cannot load %s@%s: there is no such version or alias. featuremap history --model %s shows them."
            .formatted(directory, selector, directory));
  }

  /** A name that leads nowhere else. */
  private static String plain(Config config, String key, Path file) throws FormatException {
    String name = config.getString(key);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw SealedJsonFile.damaged(file, "%s is %s".formatted(key, name));
    }
    return name;
  }

  private static ModelFile verified(Path file, Config expected) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (!Sha256.of(bytes).equals(expected.getString("sha256"))) {
      throw SealedJsonFile.damaged(
          file, "its bytes must be those that were written. Restore it, or load another model");
    }
    return ModelFile.read(new ByteArrayInputStream(bytes), bytes.length, file.toString());
  }

  /** The files of a numbered log, the newest first. */
  private static List<Path> numbered(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(
          files
              .filter(file -> file.getFileName().toString().matches("[0-9]{10}\\.json"))
              .sorted(Comparator.comparing(Path::getFileName).reversed())
              .toList());
    }
  }
}
