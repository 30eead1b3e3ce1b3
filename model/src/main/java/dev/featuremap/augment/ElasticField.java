package dev.featuremap.augment;

/**
 * A smooth random field of displacements over an image: two random numbers at each node of a grid
 * of 4 × 4 cells, and between nodes the bilinear mean with shares {@code t²(3 - 2t)}, which has no
 * kinks.
 *
 * <p>Simard, Steinkraus and Platt 2003 ("Best practices for convolutional neural networks") blur
 * one random number a pixel with a Gaussian; a grid bounds the displacement and costs 50 draws an
 * image.
 */
final class ElasticField {
  private static final int CELLS = 4;
  private static final int NODES = CELLS + 1;

  private final double most;
  private final double rowScale;
  private final double columnScale;
  private final double[] rows = new double[NODES * NODES];
  private final double[] columns = new double[NODES * NODES];

  /**
   * Fields of images, one after another.
   *
   * @param most pixels by which a node moves at most, in rows and in columns
   */
  ElasticField(double most, int height, int width) {
    this.most = most;
    rowScale = (double) CELLS / height;
    columnScale = (double) CELLS / width;
  }

  /** Draws the field of an image. */
  void draw(ImageDraws draws) {
    for (int node = 0; most > 0 && node < rows.length; node++) {
      rows[node] = (2 * draws.uniformOpen(ImageDraws.ELASTIC, 2 * node) - 1) * most;
      columns[node] = (2 * draws.uniformOpen(ImageDraws.ELASTIC, 2 * node + 1) - 1) * most;
    }
  }

  /** Rows by which the pixel's source is displaced. */
  double rows(int y, int x) {
    return most == 0 ? 0 : at(rows, y * rowScale, x * columnScale);
  }

  /** Columns by which the pixel's source is displaced. */
  double columns(int y, int x) {
    return most == 0 ? 0 : at(columns, y * rowScale, x * columnScale);
  }

  private static double at(double[] nodes, double row, double column) {
    int top = (int) row;
    int left = (int) column;
    double down = smooth(row - top);
    double right = smooth(column - left);
    int node = top * NODES + left;
    double above = nodes[node] + right * (nodes[node + 1] - nodes[node]);
    double below = nodes[node + NODES] + right * (nodes[node + NODES + 1] - nodes[node + NODES]);
    return above + down * (below - above);
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }
}
