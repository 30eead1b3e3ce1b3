package dev.featuremap.job.commands.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.SourceMarks;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.Json;
import dev.featuremap.job.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * What a directory is for: it belongs to the first who writes that into it.
 *
 * @param file the name of the file that says so
 * @param settings what determines the files of the directory
 * @param sources by what a later start knows that it reads the same images, by the name of the set
 */
public record Claim(String file, ObjectNode settings, Map<String, SourceMarks> sources) {
  private static final String SOURCES = "sources";
  private static final String FILES = "files";
  private static final String NAMES = "names";
  private static final String TIMES = "times";

  /** Copies the map. */
  public Claim {
    sources = Map.copyOf(sources);
  }

  /** What the file says: one line. */
  public String text() {
    ObjectNode all = settings.deepCopy();
    if (!sources.isEmpty()) {
      ObjectNode marks = all.putObject(SOURCES);
      sources.keySet().stream()
          .sorted()
          .forEach(set -> marks.set(set, toJson(sources.get(set).stored())));
    }
    return Json.line(all);
  }

  private static ObjectNode toJson(SourceMarks.Stored marks) {
    ObjectNode json = Json.object();
    json.put(FILES, marks.files());
    marks.names().forEach(json.putArray(NAMES)::add);
    marks.times().forEach(json.putArray(TIMES)::add);
    return json;
  }

  private static SourceMarks.Stored fromJson(ObjectNode json) {
    Json.Fields fields = Json.part(json);
    return new SourceMarks.Stored(
        fields.longInteger(FILES), fields.texts(NAMES), fields.texts(TIMES));
  }

  /**
   * Claims the directory, or finds that an earlier start of the same has. A claim of which a killed
   * start or a failing store left a part only is made again.
   *
   * @return false where the earlier start has not stored by what its images are known, as those of
   *     version 0.1.0
   * @throws JobException with {@code USAGE} when it holds anything else, with {@code BAD_DATA} when
   *     the images have changed since
   */
  public boolean make(Storage storage, ParquetDirectory files) {
    Set<String> names = files.names(storage);
    if (!names.isEmpty() && !names.contains(file)) {
      throw JobException.usage(
          "Cannot %s into %s: it must be empty or hold an earlier start of the same, got %s. Give another directory."
              .formatted(
                  files.action(),
                  files.target(),
                  String.join(", ", names.stream().sorted().limit(5).toList())));
    }
    Path path = PathText.child(files.target(), file);
    byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
    if (storage.createIfAbsent(path, bytes)) {
      return true;
    }
    byte[] there =
        storage
            .read(path, in -> in.readAllBytes())
            .orElse("nothing".getBytes(StandardCharsets.UTF_8));
    if (names.equals(Set.of(file)) && isPart(new String(there, StandardCharsets.UTF_8))) {
      storage.replace(path, bytes);
      return true;
    }
    return requireSame(there, files);
  }

  /** True for what a killed start leaves, if it had the same settings. */
  private boolean isPart(String there) {
    String all = text();
    String ofSettings = Json.line(settings).strip();
    String beginning = ofSettings.substring(0, ofSettings.length() - 1) + ",\"" + SOURCES;
    return (all.startsWith(there) && there.length() < all.length())
        || (there.startsWith(beginning) && !there.endsWith("\n"));
  }

  private boolean requireSame(byte[] there, ParquetDirectory files) {
    ObjectNode earlier;
    try {
      earlier = Json.part(there).object().deepCopy();
    } catch (IOException | IllegalArgumentException e) {
      throw others(new String(there, StandardCharsets.UTF_8), files);
    }
    JsonNode marks = earlier.remove(SOURCES);
    if (!sameSettings(earlier)) {
      throw others(earlier.toString(), files);
    }
    if (marks == null) {
      return sources.isEmpty();
    }
    sources.keySet().stream()
        .sorted()
        .forEach(set -> change(set, marks).ifPresent(how -> refuse(set, how, files)));
    return true;
  }

  /** Settings that an earlier version did not store decide nothing. */
  private boolean sameSettings(ObjectNode earlier) {
    for (Map.Entry<String, JsonNode> setting : earlier.properties()) {
      // As text, for a small number is of another class when it was read.
      if (!setting.getValue().toString().equals(String.valueOf(settings.get(setting.getKey())))) {
        return false;
      }
    }
    return true;
  }

  private Optional<String> change(String set, JsonNode marks) {
    try {
      return marks.get(set) instanceof ObjectNode stored
          ? sources.get(set).changeSince(fromJson(stored))
          : Optional.of("they were of another kind");
    } catch (IllegalArgumentException e) {
      return Optional.of("what it says of them cannot be read, " + e.getMessage());
    }
  }

  private void refuse(String set, String how, ParquetDirectory files) {
    throw JobException.badData(
        "Cannot go on to %s into %s: the %s images must be the ones it was begun with, as %s tells: %s. Restore them with their times, or give another directory."
            .formatted(files.action(), files.target(), set, file, how));
  }

  private JobException others(String there, ParquetDirectory files) {
    return JobException.usage(
        "Cannot %s into %s: it was begun with other images or other settings, expected %s, got %s. Give another directory."
            .formatted(files.action(), files.target(), settings, there.strip()));
  }
}
