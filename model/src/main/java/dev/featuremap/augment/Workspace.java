package dev.featuremap.augment;

import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;

/** What one thread needs to change blocks of one shape, so that it allocates nothing for them. */
final class Workspace {
  private static final int LARGEST_RADIUS = 48;

  final ImageDraws[] draws = new ImageDraws[Lanes.COUNT];
  final float[] factors = new float[Lanes.COUNT];
  final float[] middles = new float[Lanes.COUNT];
  final double[] sums = new double[Lanes.COUNT];
  final int[] classes = new int[Lanes.COUNT];
  final ElasticField field;
  final LevelImage levels;
  final float[] plane;
  final float[] line;
  final float[] kernel = new float[LARGEST_RADIUS + 1];
  final int[] columns;
  final float[] shares;

  Workspace(Shape shape, double elastic) {
    int height = shape.height();
    int width = shape.width();
    for (int lane = 0; lane < draws.length; lane++) {
      draws[lane] = new ImageDraws();
    }
    field = new ElasticField(elastic, height, width);
    levels = new LevelImage(shape);
    plane = new float[height * width];
    line = new float[Math.max(height, width) + 2 * LARGEST_RADIUS];
    columns = new int[width];
    shares = new float[width];
  }
}
