/**
 * Featuremap as an estimator of Spark ML: {@link dev.featuremap.job.ml.CnnClassifier} trains by the
 * rounds of the {@code train} command on a DataFrame, {@link
 * dev.featuremap.job.ml.CnnClassificationModel} predicts.
 *
 * <p>Optional: no other package imports this one, and without spark-mllib on the class path all
 * others work. Of Spark ML it uses what versions 4.0 to 4.3 have in common. May import {@code
 * failure}, {@code checkpoint}, {@code run}, {@code config}, {@code image}, {@code source}, {@code
 * models}, {@code registry}, {@code cluster}, {@code train}, Spark with Spark ML, Hadoop and the
 * model. A new param is a field of {@code CnnParams}, a method of {@code CnnClassifier}, and a line
 * in {@code src/main/python/featuremap/ml.py}.
 */
package dev.featuremap.job.ml;
