package dev.featuremap.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.data.Sha256;
import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.image.Resize;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories as the job writes them, in which each model has its number as its first value. */
class StoredModelTest {
  private static final String NETWORK =
      "input.shape = [1, 1, 1], layers = [{ type = fully-connected, name = output, outputs = 2 }]";

  @TempDir private Path directory;
  private Path run;
  private Path published;

  @BeforeEach
  void makeDirectories() throws IOException {
    run = directory.resolve("run");
    published = directory.resolve("digits");
    Files.createDirectories(run.resolve("manifests"));
    Files.createDirectories(published.resolve("history"));
  }

  @Test
  void findsAFileAndADirectoryThatHoldsIt() throws IOException {
    Path file = Files.write(directory.resolve("model.safetensors"), model(5, Resize.NONE));

    assertThat(load(file)).isEqualTo(5);
    assertThat(load(directory)).isEqualTo(5);
    Files.write(directory.resolve("a@b"), model(6, Resize.NONE));
    assertThat(load(directory.resolve("a@b"))).isEqualTo(6);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Path nothing = directory.resolve("nothing@3");

    assertThatThrownBy(() -> load(nothing))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "Cannot load %s: there is no such file. Give a model.safetensors, or the directory of a run, a checkpoint or a published model.",
            nothing);
    assertThatThrownBy(() -> load(directory))
        .hasMessageStartingWith("Cannot load %s: there is no model in it.", directory);
    assertThatThrownBy(() -> load(run))
        .hasMessage("Cannot load %s: it has no checkpoint. Give the directory of a run.", run);
    checkpoint(1, 1, 1, false);
    assertThatThrownBy(() -> StoredModel.find(run, true))
        .hasMessage(
            "Cannot load %s: it has no checkpoint of a whole epoch. Give the directory of a run.",
            run);
  }

  @Test
  void findsTheNewestAndTheBestOfARun() throws IOException {
    manifest(1, 1, "");
    checkpoint(2, 1, 12, false);
    checkpoint(3, 1, 13, true);
    checkpoint(4, 1, 14, false);

    assertThat(load(run)).isEqualTo(14);
    assertThat(StoredModel.find(run, true).values()[0]).isEqualTo(13);
  }

  @Test
  void passesOverWhatWasNeverFinishedOrIsOfAWriterThatWasOut() throws IOException {
    checkpoint(4, 1, 14, true);
    checkpoint(5, 5, 15, false);
    checkpoint(6, 1, 16, true);
    checkpoint(7, 5, 17, false);
    Files.writeString(run.resolve("manifests/0000000008.json"), "{\"sha256\":\"");

    assertThat(load(run)).isEqualTo(17);
    assertThat(StoredModel.find(run, true).values()[0])
        .as("6 is of a writer that 5 had put out")
        .isEqualTo(14);
  }

  @Test
  void refusesDamage() throws IOException {
    checkpoint(1, 1, 11, false);
    Path file = checkpoint(2, 1, 12, false);
    Files.write(file, model(13, Resize.NONE));
    Path manifest = run.resolve("manifests/0000000002.json");

    assertThatThrownBy(() -> load(run))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "Cannot read %s: its bytes must be those that were written. Restore it, or load another model.",
            file);
    Files.writeString(manifest, Files.readString(manifest).replace("fence", "fonce"));
    assertThatThrownBy(() -> load(run))
        .hasMessage("Cannot read %s: its content does not match its own SHA-256.", manifest);
    seal(manifest, "manifest", "{\"format\":2}");
    assertThatThrownBy(() -> load(run))
        .hasMessage("Cannot read %s: its format is 2, expected 1.", manifest);
    seal(manifest, "manifest", "{\"format\":1}");
    assertThatThrownBy(() -> load(run))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("Cannot load %s: ", run)
        .hasMessageContaining("No configuration setting found for key");
    seal(manifest, "manifest", manifestOf(2, 2, checkpointText(file, "../outside", false)));
    assertThatThrownBy(() -> load(run))
        .hasMessage("Cannot read %s: directory is ../outside.", manifest);
  }

  @Test
  void takesFromTheRunHowImagesAreResizedWhereTheModelDoesNotSay() throws IOException {
    checkpoint(1, 1, 11, false);
    assertThat(StoredModel.find(run, false).resize()).isEqualTo(Resize.NONE);

    Files.writeString(run.resolve("config.conf"), "data { resize = crop, path = \"x\" }");
    assertThat(StoredModel.find(run, false).resize()).isEqualTo(Resize.CROP);

    Files.write(checkpointFile(1), model(11, Resize.FIT));
    manifest(1, 1, checkpointText(checkpointFile(1), "c1", false));
    assertThat(StoredModel.find(run, false).resize()).isEqualTo(Resize.FIT);
  }

  @Test
  void findsPublishedVersions() throws IOException {
    publish(1, 21, "\"latest\"");
    publish(2, 22, "\"latest\",\"champion\"");
    entry(3, "\"format\":1,\"aliases\":[\"latest\"],\"version\":1");

    assertThat(load(published)).isEqualTo(21);
    assertThat(load(directory.resolve("digits@2"))).isEqualTo(22);
    assertThat(load(directory.resolve("digits@champion"))).isEqualTo(22);
    for (String other : List.of("3", "9", "best")) {
      assertThatThrownBy(() -> load(directory.resolve("digits@" + other)))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage(
              "Cannot load %s@%s: there is no such version or alias. featuremap history --model %s shows them.",
              published, other, published);
    }
  }

  @Test
  void refusesADamagedVersion() throws IOException {
    Path file = publish(1, 21, "\"latest\"");
    Files.write(file, model(22, Resize.NONE));

    assertThatThrownBy(() -> load(published))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("Cannot read %s: its bytes must be those", file);
  }

  private static float load(Path path) throws IOException {
    return StoredModel.find(path, false).values()[0];
  }

  private static byte[] model(float number, Resize resize) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.of(NETWORK, List.of(), new float[] {number, 0, 0, 0}).resizing(resize).write(out);
    return out.toByteArray();
  }

  private Path checkpointFile(int number) {
    return run.resolve("checkpoints/c" + number + "/model.safetensors");
  }

  private Path checkpoint(int number, int fence, float value, boolean best) throws IOException {
    Path file = checkpointFile(number);
    Files.createDirectories(file.getParent());
    Files.write(file, model(value, Resize.NONE));
    manifest(number, fence, checkpointText(file, "c" + number, best));
    return file;
  }

  private void manifest(int number, int fence, String checkpoint) throws IOException {
    Path file = run.resolve(String.format(Locale.ROOT, "manifests/%010d.json", number));
    seal(file, "manifest", manifestOf(number, fence, checkpoint));
  }

  private static String manifestOf(int number, int fence, String checkpoint) {
    return "{\"format\":1,\"number\":%s,\"fence\":%s%s}".formatted(number, fence, checkpoint);
  }

  private static String checkpointText(Path file, String name, boolean best) throws IOException {
    return ",\"checkpoint\":{\"directory\":\"%s\",\"best\":%s,\"objects\":[{\"name\":\"optimizer.safetensors\",\"sha256\":\"0\"},{\"name\":\"model.safetensors\",\"sha256\":\"%s\"}]}"
        .formatted(name, best, digest(Files.readAllBytes(file)));
  }

  private Path publish(int number, float value, String aliases) throws IOException {
    Path file = published.resolve("models/ab" + number + "/model.safetensors");
    Files.createDirectories(file.getParent());
    Files.write(file, model(value, Resize.NONE));
    entry(
        number,
        "\"format\":1,\"aliases\":[%s],\"version\":%s,\"model\":{\"directory\":\"ab%s\",\"name\":\"model.safetensors\",\"sha256\":\"%s\"}"
            .formatted(aliases, number, number, digest(Files.readAllBytes(file))));
    return file;
  }

  private void entry(int number, String fields) throws IOException {
    Path file = published.resolve(String.format(Locale.ROOT, "history/%010d.json", number));
    seal(file, "entry", "{" + fields + "}");
  }

  private static void seal(Path file, String name, String value) throws IOException {
    Files.writeString(
        file,
        "{\"sha256\":\"%s\",\"%s\":%s}\n".formatted(digest(value.getBytes(UTF_8)), name, value));
  }

  private static String digest(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.start().digest(bytes));
  }
}
