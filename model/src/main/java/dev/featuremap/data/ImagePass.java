package dev.featuremap.data;

import java.util.Optional;

/**
 * One way through images in the order of an epoch, a mini-batch after another.
 *
 * <p>Images may be made ready ahead of their turn, so that whoever asks need not wait.
 */
public interface ImagePass extends AutoCloseable {

  /**
   * Goes on to the mini-batch of the places {@code [from, from + count)}, which follow those of the
   * last; waits until its images are there.
   */
  void advance(int from, int count);

  /** What a lane holds that has no image, where images are values; empty for zeros. */
  default Optional<float[]> unusedLane() {
    return Optional.empty();
  }

  /** Shows where the image of a place of the mini-batch lies; threads may ask at once. */
  void find(int place, ImageView view);

  @Override
  void close();
}
