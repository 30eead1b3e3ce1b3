package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Changes brightness, contrast and saturation, in this order, on pixels from 0 to 1 and cut to that
 * range after each:
 *
 * <pre>
 *   brightness  v = f · v
 *   contrast    v = m + f · (v - m)      m: mean grey of the image
 *   saturation  v = g + f · (v - g)      g: grey of the pixel
 * </pre>
 *
 * <p>Grey is {@code 0.299 red + 0.587 green + 0.114 blue} (ITU-R BT.601) of three channels, and the
 * mean of the channels otherwise. All 16 lanes are worked on together.
 */
final class Recolouring {
  private static final int LANES = Lanes.COUNT;

  private final Augmentation augmentation;
  private final int channels;
  private final int plane;
  private final float[] black;
  private final float[] range; // from black to white
  private final float[] luma;

  Recolouring(Augmentation augmentation, Shape shape, Normalization normalization) {
    this.augmentation = augmentation;
    channels = shape.channels();
    plane = shape.height() * shape.width();
    black = new float[channels];
    range = new float[channels];
    luma = new float[channels];
    Arrays.fill(luma, 1f / channels);
    if (channels == 3) {
      luma[0] = 0.299f;
      luma[1] = 0.587f;
      luma[2] = 0.114f;
    }
    for (int c = 0; c < channels; c++) {
      black[c] = normalization.black(c);
      range[c] = normalization.white(c) - black[c];
    }
  }

  void apply(LaneBlock block, ImageDraws[] draws) {
    float[] values = block.pixels();
    toPixels(values);
    if (augmentation.brightness() > 0) {
      float[] factors = factors(draws, ImageDraws.BRIGHTNESS, augmentation.brightness());
      scaleAround(values, new float[LANES], factors);
    }
    if (augmentation.contrast() > 0) {
      float[] factors = factors(draws, ImageDraws.CONTRAST, augmentation.contrast());
      scaleAround(values, meanGreys(values), factors);
    }
    if (augmentation.saturation() > 0 && channels > 1) {
      saturate(values, factors(draws, ImageDraws.SATURATION, augmentation.saturation()));
    }
    toValues(values, draws.length);
  }

  private static float[] factors(ImageDraws[] draws, int name, double most) {
    float[] factors = new float[LANES];
    for (int lane = 0; lane < draws.length; lane++) {
      factors[lane] = (float) (1 + draws[lane].around(name, most));
    }
    return factors;
  }

  private void toPixels(float[] values) {
    for (int c = 0; c < channels; c++) {
      for (int at = c * plane * LANES; at < (c + 1) * plane * LANES; at++) {
        values[at] = (values[at] - black[c]) / range[c];
      }
    }
  }

  /** Back to what the network reads; unused lanes hold zeros again. */
  private void toValues(float[] values, int images) {
    for (int c = 0; c < channels; c++) {
      for (int at = c * plane * LANES; at < (c + 1) * plane * LANES; at += LANES) {
        for (int lane = 0; lane < images; lane++) {
          values[at + lane] = Fma.of(values[at + lane], range[c], black[c]);
        }
        Arrays.fill(values, at + images, at + LANES, 0f);
      }
    }
  }

  private static void scaleAround(float[] values, float[] middles, float[] factors) {
    for (int at = 0; at < values.length; at += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        values[at + lane] = scaled(values[at + lane], middles[lane], factors[lane]);
      }
    }
  }

  private static float scaled(float value, float middle, float factor) {
    return Math.max(0f, Math.min(1f, Fma.of(factor, value - middle, middle)));
  }

  private float[] meanGreys(float[] values) {
    double[] sums = new double[LANES];
    for (int c = 0; c < channels; c++) {
      for (int at = c * plane * LANES; at < (c + 1) * plane * LANES; at += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] += luma[c] * values[at + lane];
        }
      }
    }
    float[] means = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      means[lane] = (float) (sums[lane] / plane);
    }
    return means;
  }

  private void saturate(float[] values, float[] factors) {
    float[] greys = new float[LANES];
    for (int pixel = 0; pixel < plane; pixel++) {
      Arrays.fill(greys, 0f);
      for (int c = 0; c < channels; c++) {
        int at = (c * plane + pixel) * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          greys[lane] = Fma.of(luma[c], values[at + lane], greys[lane]);
        }
      }
      for (int c = 0; c < channels; c++) {
        int at = (c * plane + pixel) * LANES;
        for (int lane = 0; lane < LANES; lane++) {
          values[at + lane] = scaled(values[at + lane], greys[lane], factors[lane]);
        }
      }
    }
  }
}
