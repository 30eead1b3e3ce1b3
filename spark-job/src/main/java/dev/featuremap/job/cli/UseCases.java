package dev.featuremap.job.cli;

import dev.featuremap.job.commands.evaluate.EvaluationRequest;
import dev.featuremap.job.commands.export.ExportRequest;
import dev.featuremap.job.commands.pack.PackRequest;
import dev.featuremap.job.commands.predict.PredictRequest;
import dev.featuremap.job.commands.publish.PublishRequest;
import dev.featuremap.job.commands.publish.RollbackRequest;
import dev.featuremap.job.config.JobConfig;
import java.io.PrintWriter;
import org.apache.hadoop.fs.Path;

/**
 * What commands do once their arguments are read.
 *
 * @param training behind {@code train}
 * @param evaluation behind {@code evaluate}
 * @param validation behind {@code validate}
 * @param packing behind {@code pack}
 * @param exporting behind {@code export}
 * @param predicting behind {@code predict}
 * @param publishing behind {@code publish}
 * @param rollingBack behind {@code rollback}
 * @param history behind {@code history}
 */
public record UseCases(
    Training training,
    Evaluation evaluation,
    Validation validation,
    Packing packing,
    Exporting exporting,
    Predicting predicting,
    Publishing publishing,
    RollingBack rollingBack,
    PublishedHistory history) {

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

  /** Packs images into files that are read well. */
  @FunctionalInterface
  public interface Packing {
    /** Packs, and tells {@code out} how it goes. */
    void pack(PackRequest request, PrintWriter out);
  }

  /** Writes a trained network for other frameworks. */
  @FunctionalInterface
  public interface Exporting {
    /** Exports, and names the files to {@code out}. */
    void export(ExportRequest request, PrintWriter out);
  }

  /** Writes what a trained network says of images. */
  @FunctionalInterface
  public interface Predicting {
    /** Predicts, and tells {@code out} how it goes. */
    void predict(PredictRequest request, PrintWriter out);
  }

  /** Makes a trained network a numbered version that others use. */
  @FunctionalInterface
  public interface Publishing {
    /** Publishes, and names the version to {@code out}. */
    void publish(PublishRequest request, PrintWriter out);
  }

  /** Lets an alias of a published model name another version. */
  @FunctionalInterface
  public interface RollingBack {
    /** Moves the alias, and tells {@code out}. */
    void rollBack(RollbackRequest request, PrintWriter out);
  }

  /** Lists what was published. */
  @FunctionalInterface
  public interface PublishedHistory {
    /** Prints the history of the model in a directory to {@code out}. */
    void print(Path model, PrintWriter out);
  }
}
