package dev.featuremap.job.commands.importing;

import dev.featuremap.job.models.importing.ImportRule;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.hadoop.fs.Path;

/**
 * What to import, and where to.
 *
 * @param source an ONNX model, or weights in safetensors
 * @param target directory that gets the files
 * @param network the text of the network of weights, by its number of classes; empty for ONNX
 * @param labels a text file with the name of a class in each line
 */
public record ImportRequest(
    Path source,
    Path target,
    ImportRule rule,
    Optional<LongFunction<String>> network,
    Optional<Path> labels) {
  /** Asks for the network as it is. */
  public static final long ITS_OWN_CLASSES = 0;
}
