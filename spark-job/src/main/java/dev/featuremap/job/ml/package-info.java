/**
 * Featuremap as an estimator of Spark ML: {@link dev.featuremap.job.ml.CnnClassifier} trains by the
 * rounds of the {@code train} command on a DataFrame, {@link
 * dev.featuremap.job.ml.CnnClassificationModel} predicts. Read {@code CnnParams} third, which turns
 * params into a configuration.
 *
 * <p>Optional: no other package imports this one, and without spark-mllib on the class path all
 * others work. Of Spark ML it uses what versions 4.0 to 4.3 have in common.
 *
 * <p>A new param is a field of {@code CnnParams}, whose default is that of its key in {@code
 * conf/train.conf}, its methods in {@code CnnClassifier}, and the same without a default in {@code
 * src/main/python/featuremap/ml.py}; tests compare the two.
 */
package dev.featuremap.job.ml;
