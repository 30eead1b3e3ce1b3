package dev.featuremap.job.commands.importing;

import dev.featuremap.format.FormatException;
import dev.featuremap.format.ModelFile;
import dev.featuremap.format.StateDictionary;
import dev.featuremap.format.TakenValues;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.models.importing.ImportedNetwork;
import dev.featuremap.job.models.importing.OnnxReader;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.record.RunDirectory;
import dev.featuremap.job.storage.Storage;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
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
        request
            .network()
            .map(network -> weights(request.source(), network))
            .orElseGet(() -> graph(request));
    ModelFile read = imported.model();
    ModelFile model = request.labels().map(file -> read.labelled(labels(file, read))).orElse(read);
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

  private ImportedNetwork graph(ImportRequest request) {
    String source = request.source().toString();
    return read(
        request.source(),
        (in, length) -> {
          if (isSafetensors(in)) {
            throw JobException.usage(
                "Cannot import %s: it holds weights alone. Say of which network: --network resnet-50, or a network file."
                    .formatted(source));
          }
          return OnnxReader.read(in, source, request.rule());
        });
  }

  /** A header of safetensors is JSON behind its length. */
  private static boolean isSafetensors(InputStream in) throws IOException {
    in.mark(9);
    byte[] start = in.readNBytes(9);
    in.reset();
    return start.length == 9 && start[8] == '{';
  }

  /** The network with as many outputs as the weights have, and the weights. */
  private ImportedNetwork weights(Path source, LongFunction<String> network) {
    NetworkPlan usual = plan(network.apply(ImportRequest.ITS_OWN_CLASSES));
    String name = source.toString();
    long classes = read(source, (in, length) -> StateDictionary.classes(in, length, name, usual));
    String text =
        network.apply(classes == usual.classes() ? ImportRequest.ITS_OWN_CLASSES : classes);
    TakenValues taken =
        read(source, (in, length) -> StateDictionary.of(plan(text)).read(in, length, name));
    return new ImportedNetwork(ModelFile.of(text, List.of(), taken.values()), taken.words());
  }

  private static NetworkPlan plan(String network) {
    return NetworkPlan.of(NetworkSpec.parse(network));
  }

  private interface Reader<T> {
    T read(InputStream in, long length) throws IOException;
  }

  private <T> T read(Path path, Reader<T> reader) {
    StorageFault.requireStore("import", path);
    try {
      return Storage.of(path, hadoop)
          .byHadoop(
              "read",
              path,
              files -> {
                long length = files.getFileStatus(path).getLen();
                try (InputStream in = new BufferedInputStream(files.open(path))) {
                  return reader.read(in, length);
                } catch (FormatException e) {
                  // No fault of the store, so nothing to wait for.
                  throw JobException.badData(e);
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
        read(file, (in, length) -> new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    int classes = model.plan().classes();
    Set<String> seen = new HashSet<>();
    Optional<String> twice = labels.stream().filter(name -> !seen.add(name)).findFirst();
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
