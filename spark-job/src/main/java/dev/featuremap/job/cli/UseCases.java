package dev.featuremap.job.cli;

import dev.featuremap.job.config.JobConfig;
import java.io.PrintWriter;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * What commands do once their arguments are read.
 *
 * @param training behind {@code train}
 * @param evaluation behind {@code evaluate}
 * @param validation behind {@code validate}
 */
public record UseCases(Training training, Evaluation evaluation, Validation validation) {

  /** Trains a network, resumes a run, or reports a finished one. */
  @FunctionalInterface
  public interface Training {
    /** Trains, and tells {@code out} how it goes. */
    void train(JobConfig config, PrintWriter out);
  }

  /** Measures a trained network on test images. */
  @FunctionalInterface
  public interface Evaluation {
    /** Evaluates, and prints the result to {@code out}. */
    void evaluate(EvaluationRequest request, PrintWriter out);
  }

  /** Tries what training would need, without training. */
  @FunctionalInterface
  public interface Validation {
    /** Reads the data's headers and tries the output store; prints each finding to {@code out}. */
    void validate(JobConfig config, PrintWriter out);
  }

  /**
   * What is evaluated.
   *
   * @param run the directory of a run, whose best checkpoint is taken
   * @param checkpoint one checkpoint; exactly one of the two is present
   * @param data directory with the images; empty for those of the run
   */
  public record EvaluationRequest(
      Optional<Path> run, Optional<Path> checkpoint, Optional<Path> data) {}
}
