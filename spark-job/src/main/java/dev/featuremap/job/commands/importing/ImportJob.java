package dev.featuremap.job.commands.importing;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.models.importing.ImportedNetwork;
import dev.featuremap.job.models.importing.OnnxReader;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code import} command; it needs no Spark. Equal files give equal bytes.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record ImportJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  /** The network as text, for {@code --set network=}. */
  public static final String NETWORK = "network.conf";

  /**
   * Writes the network and the model, replacing earlier ones.
   *
   * @throws JobException with {@code MISSING_INPUT} if a file is not there, with {@code BAD_DATA}
   *     if the network cannot be said in a network file, with {@code USAGE} if an option does not
   *     fit it
   */
  public void run(ImportRequest request) {
    ImportedNetwork imported =
        read(
            request.source(),
            in -> OnnxReader.read(in, request.source().toString(), request.rule()));
    ModelFile read = imported.model();
    List<String> labels = request.labels().map(file -> labels(file, read)).orElse(read.labels());
    ModelFile model =
        ModelFile.of(read.networkText(), labels, read.values()).resizing(read.resize());
    Storage storage = Storage.of(request.target(), hadoop);
    Path network = PathText.child(request.target(), NETWORK);
    Path file = PathText.child(request.target(), RunDirectory.MODEL);
    storage.write(
        network, stream -> stream.write(model.networkText().getBytes(StandardCharsets.UTF_8)));
    storage.write(file, model::write);
    say(
        "read %s layers with %s parameters, %s outputs",
        model.plan().layers().size(),
        String.format(Locale.ROOT, "%,d", model.plan().parameters()),
        model.plan().classes());
    imported.notes().forEach(note -> say("%s", note));
    say("wrote %s", network);
    say("wrote %s", file);
  }

  private interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  private <T> T read(Path path, Reader<T> reader) {
    StorageFault.requireStore("import", path);
    try {
      return Storage.of(path, hadoop)
          .byHadoop(
              "read",
              path,
              files -> {
                try (InputStream in = new BufferedInputStream(files.open(path))) {
                  return reader.read(in);
                }
              });
    } catch (FileNotFoundException e) {
      throw JobException.missingInput(
          "Cannot import %s: there is no such file.".formatted(path), e);
    } catch (IOException e) {
      throw StorageFault.unreadable(path, e);
    }
  }

  private List<String> labels(Path file, ModelFile model) {
    List<String> labels =
        read(file, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    int classes = model.plan().classes();
    Optional<String> twice =
        labels.stream()
            .filter(name -> labels.indexOf(name) != labels.lastIndexOf(name))
            .findFirst();
    if (labels.size() != classes || twice.isPresent()) {
      throw JobException.badData(
          "Cannot use the labels in %s: expected %s different names, one a line, got %s."
              .formatted(
                  file,
                  classes,
                  twice.map(name -> name + " twice").orElse(String.valueOf(labels.size()))));
    }
    return labels;
  }
}
