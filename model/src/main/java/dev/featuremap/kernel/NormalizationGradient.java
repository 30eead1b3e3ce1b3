package dev.featuremap.kernel;

import java.util.Arrays;

/**
 * What {@link BatchNormalization} multiplies and adds on the way back, by channel.
 *
 * <p>A gradient {@code g} at an input {@code x} counts where {@code fma(x, passScale, passShift) >
 * 0}, and as 0 elsewhere: with the scale and shift of the forward pass that is the gradient of a
 * rectifier right behind the normalization, with 0 and 1 nothing is cut off.
 */
public final class NormalizationGradient {
  public final float[] means;
  public final float[] ofGradient;
  public final float[] ofDistance;
  public final float[] constant;
  public final float[] passScale;
  public final float[] passShift;

  /** Factors for so many channels; every gradient counts. */
  public NormalizationGradient(int channels) {
    means = new float[channels];
    ofGradient = new float[channels];
    ofDistance = new float[channels];
    constant = new float[channels];
    passScale = new float[channels];
    passShift = new float[channels];
    Arrays.fill(passShift, 1f);
  }

  private NormalizationGradient(NormalizationGradient of, float[] scale, float[] shift) {
    means = of.means;
    ofGradient = of.ofGradient;
    ofDistance = of.ofDistance;
    constant = of.constant;
    passScale = scale;
    passShift = shift;
  }

  /** The same factors, the arrays too, for what a rectifier behind {@code scale} lets through. */
  public NormalizationGradient rectified(float[] scale, float[] shift) {
    return new NormalizationGradient(this, scale, shift);
  }

  /** Sets the mean of a channel's input over the mini-batch. */
  public void setMean(int channel, float mean) {
    means[channel] = mean;
  }

  /** Sets the factors of the gradient and of the distance from the mean, and what is added. */
  public void set(int channel, float gradient, float distance, float added) {
    ofGradient[channel] = gradient;
    ofDistance[channel] = distance;
    constant[channel] = added;
  }
}
