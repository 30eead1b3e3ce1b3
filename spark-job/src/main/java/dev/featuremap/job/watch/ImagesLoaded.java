package dev.featuremap.job.watch;

import java.util.Optional;

/**
 * The images of a run, loaded.
 *
 * @param train images that are trained on
 * @param test images that are tested on
 * @param bad records of both sets that are left out
 * @param badLines a line for each of the first of them
 * @param encoded how images are kept that do not lie in memory, for people; empty if all do
 */
public record ImagesLoaded(
    long train, long test, long bad, String badLines, Optional<String> encoded) {}
