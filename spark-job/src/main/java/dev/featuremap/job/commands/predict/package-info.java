/**
 * The {@code predict} command: what a trained network says of the images of any source, as Parquet.
 *
 * <p>Read first: {@code PredictJob}, {@code PredictTask}. A new column goes into {@code
 * Prediction}, {@code Predictions} and {@code PredictionFormat}; a new setting that decides what
 * files hold goes into the claim of {@code PredictJob} too.
 */
package dev.featuremap.job.commands.predict;
