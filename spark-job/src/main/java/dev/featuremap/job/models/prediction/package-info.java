/**
 * What a trained network says of images, a mini-batch at a time, wherever they come from: {@code
 * predict} writes it to files, Spark ML into columns.
 *
 * <p>A new use is an implementation of {@code BatchPredictor.Form}.
 */
package dev.featuremap.job.models.prediction;
