package dev.featuremap.job.images.source;

import dev.featuremap.job.config.DataSettings;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a source must know to open one set.
 *
 * @param folder in which the set lies
 * @param paths of the set, at least one
 * @param unlabelled where images need no labels: what is kept of each, as expressions of SQL over
 *     the columns of a table
 */
public record ImageSet(
    JavaSparkContext spark,
    DataSettings settings,
    DataFolder folder,
    List<Path> paths,
    Optional<List<String>> unlabelled) {}
