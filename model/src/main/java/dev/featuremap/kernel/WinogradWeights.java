package dev.featuremap.kernel;

/**
 * {@link Winograd#transformWeights}, for both twins: 16 fields at a time, which lie together in the
 * result.
 */
public final class WinogradWeights {
  private static final int FIELDS = WinogradFields.COUNT;
  private static final int PANEL = WinogradGeometry.PANEL;
  private static final int SIDE = WinogradGeometry.FIELD;
  private static final int TAPS = SIDE * SIDE;

  private final WinogradGeometry g;
  private final WinogradFields transforms;
  private final int span;

  /** Weights, {@code [3, 3, 16]}. */
  private final float[] fields = new float[TAPS * FIELDS];

  /** The transform after its first side, {@code [span, 3, 16]}. */
  private final float[] halfway;

  /** The transform of fewer than 16 fields, {@code [span, span, 16]}. */
  private final float[] points;

  public WinogradWeights(WinogradGeometry geometry, WinogradFields transforms) {
    g = geometry;
    this.transforms = transforms;
    span = g.span();
    halfway = new float[span * SIDE * FIELDS];
    points = new float[span * span * FIELDS];
  }

  public void transform(
      float[] parameters, int weightsAt, boolean turned, float[] transformed, int part, int parts) {
    int size = g.channels() * PANEL;
    int end = g.panels() * (part + 1) / parts;
    for (int panel = g.panels() * part / parts; panel < end; panel++) {
      for (int k = 0; k < size; k += FIELDS) {
        int count = Math.min(FIELDS, size - k);
        gather(parameters, weightsAt, turned, panel * PANEL, k, count);
        int to = panel * size + k;
        if (count == FIELDS) {
          transformFields(transformed, to, g.panels() * size);
        } else {
          transformFields(points, 0, FIELDS);
          for (int point = 0; point < g.points(); point++) {
            int at = point * g.panels() * size + to;
            System.arraycopy(points, point * FIELDS, transformed, at, count);
          }
        }
      }
    }
  }

  /** Copies {@code count} fields, counted through channels and the panel's maps, from {@code k}. */
  private void gather(
      float[] parameters, int weightsAt, boolean turned, int firstMap, int k, int count) {
    int c = k / PANEL;
    int map = k % PANEL;
    for (int n = 0; n < count; n++) {
      gatherField(parameters, weightsAt, turned, firstMap + map, c, n);
      map++;
      if (map == PANEL) {
        map = 0;
        c++;
      }
    }
  }

  /**
   * Copies the weights of a map and a channel to place {@code n}; a map past the last has zeros.
   */
  private void gatherField(float[] parameters, int weightsAt, boolean turned, int f, int c, int n) {
    if (f >= g.featureMaps()) {
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = 0f;
      }
    } else if (turned) {
      int last = weightsAt + (c * g.featureMaps() + f) * TAPS + TAPS - 1;
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = parameters[last - tap];
      }
    } else {
      int first = weightsAt + (f * g.channels() + c) * TAPS;
      for (int tap = 0; tap < TAPS; tap++) {
        fields[tap * FIELDS + n] = parameters[first + tap];
      }
    }
  }

  private void transformFields(float[] to, int toAt, int toStep) {
    int row = SIDE * FIELDS;
    for (int j = 0; j < SIDE; j++) {
      transforms.weightsToPoints(fields, j * FIELDS, row, halfway, j * FIELDS, row);
    }
    for (int i = 0; i < span; i++) {
      transforms.weightsToPoints(halfway, i * row, FIELDS, to, toAt + i * span * toStep, toStep);
    }
  }
}
