/**
 * A run at a tracking server of MLflow, by its REST interface of version 2.0, which servers of
 * version 3 have too. The network is in the way of nothing: one thread sends what the run was like
 * at the end of its newest epoch, and whatever the server lacks of it.
 *
 * <p>May import {@code track}, {@code run}, {@code config}, {@code failure} and Jackson.
 */
package dev.featuremap.job.watch.mlflow;
