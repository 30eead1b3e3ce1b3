package dev.featuremap.augment;

import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.Normalization;
import dev.featuremap.kernel.Fma;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import java.util.Arrays;

/**
 * Changes brightness, contrast, saturation and hue, in this order, on pixels from 0 to 1 and cut to
 * that range after each, and makes images grey:
 *
 * <pre>
 *   brightness  v = f · v
 *   contrast    v = m + f · (v - m)      m: mean grey of the image
 *   saturation  v = g + f · (v - g)      g: grey of the pixel
 *   hue         h = h + f                in turns, by {@link Hue}
 *   grey        v = g
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

  void apply(LaneBlock block, Workspace work) {
    int images = block.images();
    float[] values = block.pixels();
    toPixels(values);
    if (augmentation.brightness() > 0) {
      draw(work, images, ImageDraws.BRIGHTNESS, augmentation.brightness());
      Arrays.fill(work.middles, 0f);
      scaleAround(values, work.middles, work.factors);
    }
    if (augmentation.contrast() > 0) {
      draw(work, images, ImageDraws.CONTRAST, augmentation.contrast());
      meanGreys(values, work);
      scaleAround(values, work.middles, work.factors);
    }
    if (augmentation.saturation() > 0 && channels > 1) {
      draw(work, images, ImageDraws.SATURATION, augmentation.saturation());
      saturate(values, work.factors, work.middles);
    }
    if (augmentation.hue() > 0 && channels == 3) {
      for (int lane = 0; lane < images; lane++) {
        double turns = work.draws[lane].around(ImageDraws.HUE, augmentation.hue());
        Hue.turn(values, plane, lane, (float) turns);
      }
    }
    for (int lane = 0; lane < images; lane++) {
      if (work.draws[lane].uniform(ImageDraws.GREY) < augmentation.grey()) {
        makeGrey(values, lane);
      }
    }
    toValues(values, images);
  }

  private static void draw(Workspace work, int images, int name, double most) {
    Arrays.fill(work.factors, 0f);
    for (int lane = 0; lane < images; lane++) {
      work.factors[lane] = (float) (1 + work.draws[lane].around(name, most));
    }
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

  private void meanGreys(float[] values, Workspace work) {
    double[] sums = work.sums;
    Arrays.fill(sums, 0);
    for (int c = 0; c < channels; c++) {
      for (int at = c * plane * LANES; at < (c + 1) * plane * LANES; at += LANES) {
        for (int lane = 0; lane < LANES; lane++) {
          sums[lane] += luma[c] * values[at + lane];
        }
      }
    }
    for (int lane = 0; lane < LANES; lane++) {
      work.middles[lane] = (float) (sums[lane] / plane);
    }
  }

  /** Gives all channels of a lane its grey. */
  void makeGrey(float[] values, int lane) {
    for (int at = lane; at < plane * LANES; at += LANES) {
      float grey = 0;
      for (int c = 0; c < channels; c++) {
        grey = Fma.of(luma[c], values[at + c * plane * LANES], grey);
      }
      for (int c = 0; c < channels; c++) {
        values[at + c * plane * LANES] = grey;
      }
    }
  }

  private void saturate(float[] values, float[] factors, float[] greys) {
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
