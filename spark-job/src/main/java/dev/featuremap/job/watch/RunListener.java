package dev.featuremap.job.watch;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.record.RunStatus;
import java.util.List;

/**
 * Told by the driver how a run goes, after the run's own files say so. What a listener throws is
 * said once and ends nothing; nothing that it does reaches the result.
 *
 * <p>All methods are called by one thread, which trains as soon as they return: what may take long
 * belongs into a thread of the listener's own, which {@link #close} ends.
 */
public interface RunListener extends AutoCloseable {

  /** How messages name it, as in {@code TensorBoard's event files}. */
  String name();

  /** A driver starts or resumes the run; images are not loaded yet. */
  default void started(RunStart start) {}

  /**
   * After {@link #started}: a new run has its parameters from a file.
   *
   * @param taken what of it, a line or two
   */
  default void initialized(List<String> taken) {}

  /**
   * After {@link #started}: the images are found and fit; none is loaded yet.
   *
   * @param sets a line about those to train on, one about those to validate on if there are any,
   *     and one about those to test on
   */
  default void found(List<String> sets) {}

  /** The images are loaded. */
  default void loaded(ImagesLoaded images) {}

  /**
   * How long the run will take is known, if it is worth knowing.
   *
   * @param summary one line for people
   * @param advice a line for each change of settings that would be faster
   */
  default void estimated(String summary, List<String> advice) {}

  /**
   * A stage begins that could keep what frozen layers make of images.
   *
   * @param line tells whether it does, for people
   */
  default void featuresPlanned(String line) {}

  /**
   * A stage begins in which images count by their class.
   *
   * @param line tells the weights of the first classes, for people
   */
  default void classesWeighed(String line) {}

  /** A round begins. */
  default void roundStarts(RoundStart round) {}

  /**
   * Test images that were held out until the end are loaded.
   *
   * @param bad records that are left out of them
   * @param badLines a line for each of the first of them
   */
  default void testLoaded(long bad, String badLines) {}

  /** An epoch is done and evaluated. */
  default void epochDone(EpochDone epoch) {}

  /** The run is complete. */
  default void finished(RunResult result) {}

  /** This driver gives up; the state tells whether something failed or the run goes on later. */
  default void failed(RunStatus status) {}

  /** Nothing more will happen; ends what the listener has started, within seconds. */
  @Override
  default void close() {}
}
