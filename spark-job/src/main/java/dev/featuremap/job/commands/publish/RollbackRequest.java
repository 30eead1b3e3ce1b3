package dev.featuremap.job.commands.publish;

import org.apache.hadoop.fs.Path;

/**
 * Which alias to move, and to which version.
 *
 * @param model directory of the versions of one model
 * @param version a number that was published
 * @param alias what shall name it, usually {@code latest}
 */
public record RollbackRequest(Path model, long version, String alias) {}
