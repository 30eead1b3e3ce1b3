package dev.featuremap.layer.normalization;

import dev.featuremap.layer.BlockGroup;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.layer.LayerPlace;

/**
 * The γ and β of each channel with their gradient, for all forks of a layer; 1 and 0, without a
 * gradient, where they are not learned.
 */
final class ScaleAndShift {
  private final int channels;
  private final int at;
  private final GradientSlots slots; // null where nothing is learned

  ScaleAndShift(boolean learned, int channels, LayerPlace place) {
    this.channels = channels;
    at = place.parametersAt();
    slots = learned ? new GradientSlots(2 * channels, place.blocks()) : null;
  }

  float scale(float[] parameters, int channel) {
    return slots == null ? 1f : parameters[at + channel];
  }

  float shift(float[] parameters, int channel) {
    return slots == null ? 0f : parameters[at + channels + channel];
  }

  /** Where the gradient of a block of the group goes; null where nothing is learned. */
  float[] slot(BlockGroup group, int block) {
    return slots == null ? null : slots.of(group.pass(block).block(), group.blocksInBatch());
  }

  /** Adds a block's gradient of a channel. */
  void add(float[] slot, int channel, double ofScale, double ofShift) {
    if (slot != null) {
      slot[channel] += (float) ofScale;
      slot[channels + channel] += (float) ofShift;
    }
  }

  void finishGradient(int blocks, float[] parameterGradient, int part, int parts) {
    if (slots != null) {
      slots.sumInto(parameterGradient, at, blocks, part, parts);
    }
  }
}
