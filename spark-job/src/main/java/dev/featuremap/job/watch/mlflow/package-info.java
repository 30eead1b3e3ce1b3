/**
 * A run at a tracking server of MLflow, by its REST interface of version 2.0, which servers of
 * version 3 have too. The network is in the way of nothing: one thread sends what the run was like
 * at the end of its newest epoch, and whatever the server lacks of it.
 *
 * <p>Read {@code MlflowTracker} first, then {@code Sender}. One more tag or value is a line of
 * {@code MlflowTracker}; one more question to the server a method of {@code MlflowServer}.
 */
package dev.featuremap.job.watch.mlflow;
