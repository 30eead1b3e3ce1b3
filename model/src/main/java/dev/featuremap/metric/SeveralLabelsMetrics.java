package dev.featuremap.metric;

/**
 * What is said of predictions only where images may have several labels, as scikit-learn defines
 * it.
 *
 * @param meanAveragePrecision mean over the classes that some image has of {@link
 *     ClassMetrics#averagePrecision}
 * @param microF1 F1 of the decisions about all images and classes together, 0 to 1
 * @param hammingLoss share of these decisions that are wrong, 0 to 1
 */
public record SeveralLabelsMetrics(
    double meanAveragePrecision, double microF1, double hammingLoss) {}
