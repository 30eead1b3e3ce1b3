package dev.featuremap.metric;

/**
 * How well one class is told from the others. A ratio without a single image to divide by is 0.
 *
 * @param images of the class
 * @param predicted images that were taken for it
 * @param precision of the images that were taken for it, the share that are of it, 0 to 1
 * @param recall of the images of it, the share that were taken for it, 0 to 1
 * @param f1 harmonic mean of precision and recall, 0 to 1
 * @param auc probability that an image of it gets a higher score for it than an image of another
 *     class, equal scores counting half; NaN where one of both does not exist
 * @param averagePrecision the precision at each threshold, weighted by the recall that it adds; NaN
 *     where no image is of the class, or where images have one label each
 */
public record ClassMetrics(
    long images,
    long predicted,
    double precision,
    double recall,
    double f1,
    double auc,
    double averagePrecision) {}
