package dev.featuremap.job.commands.importing;

import dev.featuremap.job.models.importing.ImportRule;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What to import, and where to.
 *
 * @param source an ONNX model
 * @param target directory that gets the files
 * @param labels a text file with the name of a class in each line
 */
public record ImportRequest(Path source, Path target, ImportRule rule, Optional<Path> labels) {}
