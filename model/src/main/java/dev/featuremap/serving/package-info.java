/**
 * A trained network in any Java program, without Spark: load it once, then classify image files
 * from all threads. Probabilities are those of the command {@code predict}, to the last bit.
 *
 * <p>Read {@link dev.featuremap.serving.Classifier} first. One more place where models are found,
 * on local disks, is a branch of {@code StoredModel}.
 */
package dev.featuremap.serving;
