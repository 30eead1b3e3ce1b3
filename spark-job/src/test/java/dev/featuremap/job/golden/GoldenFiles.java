package dev.featuremap.job.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.job.cli.Featuremap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A copy of the golden files of format 1 in a directory of a test's own, which commands work on,
 * and what the version that wrote them made of them.
 */
final class GoldenFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = resource("/golden/format-1");
  private static final Properties EXPECTED = expectations();

  private final Path root;

  /** Copies the golden files into an existing directory. */
  GoldenFiles(Path root) {
    this.root = root;
    try (Stream<Path> below = Files.walk(GOLDEN)) {
      for (Path original : below.filter(Files::isRegularFile).toList()) {
        Path copy = path(GOLDEN.relativize(original).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(original, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path resource(String name) {
    try {
      return Path.of(GoldenFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Properties expectations() {
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(GOLDEN.resolve("expected.properties"))) {
      values.load(reader);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the version that wrote the files came to, such as {@code adam.parameters-sha256}. */
  static String expected(String key) {
    String value = EXPECTED.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("expected.properties has no " + key);
    }
    return value;
  }

  /** A file of the copy. */
  Path path(String name) {
    return root.resolve(name);
  }

  /** The same as commands take it. */
  String uri(String name) {
    return "file:" + path(name);
  }

  /** A file's text. */
  String text(String name) {
    try {
      return Files.readString(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON file. */
  JsonNode json(String name) {
    return json(name, text(name));
  }

  /** Each line of a file of JSON. */
  List<JsonNode> jsonLines(String name) {
    return text(name).lines().map(line -> json(name, line)).toList();
  }

  private static JsonNode json(String name, String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** The names of an object's fields. */
  static Set<String> fields(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The text of a golden file as it is where the copy lies. */
  String moved(String text) {
    return text.replace(expected("directory"), root.toString());
  }

  /** Lets a file say that it was written where the copy lies. */
  void move(String name) throws IOException {
    Files.writeString(path(name), moved(text(name)));
  }

  /** Removes files. */
  void delete(String... names) throws IOException {
    for (String name : names) {
      Files.delete(path(name));
    }
  }

  /** The names in a directory of the copy, in order. */
  List<String> names(String directory) {
    try (Stream<Path> children = Files.list(path(directory))) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a run of the copy again, with its images. */
  String trainAgain(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--config", uri("runs/" + run + "/config.conf")));
    arguments.addAll(List.of("--data", uri("images"), "--output", uri("runs")));
    arguments.addAll(List.of(more));
    return command(arguments.toArray(String[]::new));
  }

  /** Trains a new run of the settings, below {@code new}. */
  String train(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--config", uri("settings.conf"), "--output", uri("new")));
    arguments.addAll(List.of("--run-id", run));
    arguments.addAll(List.of(more));
    return command(arguments.toArray(String[]::new));
  }

  /** What a command prints, which must end with exit code 0. */
  static String command(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
    try {
      Featuremap.main(arguments);
      return said.toString(StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new AssertionError(
          "featuremap %s: %s%n%s"
              .formatted(
                  String.join(" ", arguments), e, complaints.toString(StandardCharsets.UTF_8)),
          e);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
