package dev.featuremap.job.models.importing;

import dev.featuremap.tensor.Shape;
import java.util.List;

/**
 * What a node of a graph makes, as far as the network is concerned.
 *
 * @param element what makes it
 * @param layout how the graph has its axes
 * @param groups of a layout with groups, how many
 */
record Flow(Element element, Layout layout, int groups) {

  /** Axes of a tensor of a graph. */
  enum Layout {
    /** {@code [batch, channels, rows, columns]}. */
    CHANNELS_FIRST,

    /** {@code [batch, rows, columns, channels]}. */
    CHANNELS_LAST,

    /** {@code [batch, channels]}. */
    VECTOR,

    /** {@code [batch, groups, channels of a group, rows, columns]}. */
    GROUPED,

    /** {@code [batch, channels of a group, groups, rows, columns]}. */
    SHUFFLED,

    /** {@code [batch, groups, channels of a group, pixels]}. */
    GROUPED_PIXELS,

    /** {@code [batch, channels of a group, groups, pixels]}. */
    SHUFFLED_PIXELS,

    /** {@code [batch, groups, values of a group]}. */
    GROUP_VALUES,

    /** All values of the batch in a row, image after image, channels first in each. */
    ROW
  }

  Flow(Element element, Layout layout) {
    this(element, layout, 1);
  }

  Shape shape() {
    return element.shape();
  }

  /** Axes from 0, the batch; the place of channels among them, or -1 if they have several axes. */
  int channelAxis() {
    return switch (layout) {
      case CHANNELS_LAST -> 3;
      case CHANNELS_FIRST, VECTOR -> 1;
      default -> -1;
    };
  }

  int rank() {
    return switch (layout) {
      case ROW -> 1;
      case VECTOR -> 2;
      case GROUP_VALUES -> 3;
      case CHANNELS_FIRST, CHANNELS_LAST, GROUPED_PIXELS, SHUFFLED_PIXELS -> 4;
      case GROUPED, SHUFFLED -> 5;
    };
  }

  /** The dimensions behind the batch, as the graph has them. */
  List<Long> dims() {
    long channels = shape().channels();
    long rows = shape().height();
    long columns = shape().width();
    return switch (layout) {
      case ROW -> List.of();
      case VECTOR -> List.of(channels);
      case CHANNELS_FIRST -> List.of(channels, rows, columns);
      case CHANNELS_LAST -> List.of(rows, columns, channels);
      case GROUPED -> List.of((long) groups, channels / groups, rows, columns);
      case SHUFFLED -> List.of(channels / groups, (long) groups, rows, columns);
      case GROUPED_PIXELS -> List.of((long) groups, channels / groups, rows * columns);
      case GROUP_VALUES -> List.of((long) groups, channels / groups * rows * columns);
      case SHUFFLED_PIXELS -> List.of(channels / groups, (long) groups, rows * columns);
    };
  }

  /** Another element in the same layout. */
  Flow with(Element other) {
    return new Flow(other, layout, groups);
  }
}
