package dev.featuremap.job.watch;

import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.record.TestMetrics;
import dev.featuremap.train.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An epoch that is done.
 *
 * @param history one entry for each epoch so far, this one last
 * @param evaluation of the validation images, or else of the test images
 * @param test what else is known of the test images, once no epoch follows
 * @param model makes a copy of the parameters and buffers that were evaluated
 * @param kernels the arithmetic that workers have reported
 * @param last true when no epoch follows
 */
public record EpochDone(
    List<EpochMetrics> history,
    Evaluation evaluation,
    Optional<TestMetrics> test,
    Supplier<float[]> model,
    String kernels,
    boolean last) {

  /** What this epoch achieved. */
  public EpochMetrics metrics() {
    return history.get(history.size() - 1);
  }
}
