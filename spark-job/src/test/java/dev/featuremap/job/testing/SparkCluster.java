package dev.featuremap.job.testing;

import java.io.IOException;

/** A cluster that takes jobs in both deploy modes. */
public interface SparkCluster extends AutoCloseable {
  /**
   * Submits a job to this cluster, with executors of 1 GB.
   *
   * @param executorOptions of their JVMs; may be empty
   */
  SubmittedJob.Submission submit(SubmittedJob.Submission submission, String executorOptions);

  /** Submits a driver that this cluster starts; the submitting process lives as long as that. */
  SubmittedJob.Submission submitDriver(SubmittedJob.Submission submission);

  /** Waits until this cluster has started the next driver that was submitted. */
  ClusterDriver awaitDriver() throws IOException, InterruptedException;

  /** Ends all its processes. */
  @Override
  void close();
}
