package dev.featuremap.train;

import java.io.Serializable;

/**
 * What one worker returns from a round.
 *
 * <p>A plain class of primitive fields, since it travels from executors to the driver.
 */
public final class WorkerResult implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int worker;
  private final float[] vector;
  private final long images;
  private final double lossSum;
  private final long correct;
  private final String kernels;
  private final String shardSha256;
  private final WorkTime time;

  /**
   * Takes the vector as it is.
   *
   * @param vector the new state, or the gradient sums of one step and the buffers after it
   * @param images images this worker used in the round
   * @param kernels the kernels it ran on
   * @param shardSha256 digest of the shard it trained on
   * @param time when it was at work
   */
  public WorkerResult(
      int worker,
      float[] vector,
      long images,
      double lossSum,
      long correct,
      String kernels,
      String shardSha256,
      WorkTime time) {
    this.worker = worker;
    this.vector = vector;
    this.images = images;
    this.lossSum = lossSum;
    this.correct = correct;
    this.kernels = kernels;
    this.shardSha256 = shardSha256;
    this.time = time;
  }

  /** The same result with the time that it took. */
  public WorkerResult timed(WorkTime taken) {
    return with(vector, taken);
  }

  /** The same result with another vector. */
  public WorkerResult with(float[] other) {
    return with(other, time);
  }

  /** The same result without its vector. */
  public WorkerResult report() {
    return with(new float[0], time);
  }

  private WorkerResult with(float[] newVector, WorkTime newTime) {
    return new WorkerResult(
        worker, newVector, images, lossSum, correct, kernels, shardSha256, newTime);
  }

  /** The worker's index, from 0. */
  public int worker() {
    return worker;
  }

  /** The new state, or the gradient sums of one step and the buffers after it; live. */
  public float[] vector() {
    return vector;
  }

  /** Images used. */
  public long images() {
    return images;
  }

  /** Sum of the losses of these images, each before the step that used it. */
  public double lossSum() {
    return lossSum;
  }

  /** How many of these images were classified correctly. */
  public long correct() {
    return correct;
  }

  /** The kernels it ran on. */
  public String kernels() {
    return kernels;
  }

  /** Digest of the shard it trained on; another one than in the round before means other data. */
  public String shardSha256() {
    return shardSha256;
  }

  /** When the worker was at work; no part of what it computed. */
  public WorkTime time() {
    return time;
  }
}
