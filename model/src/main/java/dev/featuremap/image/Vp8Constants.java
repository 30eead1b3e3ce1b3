package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The long tables of VP8, from {@code vp8-constants.txt}. */
final class Vp8Constants {
  private static final Map<String, int[]> TABLES = read();

  /** Factors of the first coefficient of a block by quantizer. */
  static final int[] DC_STEPS = TABLES.get("dc-steps");

  /** Factors of the other coefficients. */
  static final int[] AC_STEPS = TABLES.get("ac-steps");

  /** Probabilities {@code [mode above, mode to the left, node]} of modes of 4 by 4 pixels. */
  static final int[] MODES = TABLES.get("modes");

  /** Probabilities that those of {@link #TOKENS} change, in their order. */
  static final int[] UPDATES = TABLES.get("updates");

  /** Probabilities {@code [kind of block, band, context, node]} of coefficients. */
  static final int[] TOKENS = TABLES.get("tokens");

  private Vp8Constants() {}

  private static Map<String, int[]> read() {
    Map<String, List<Integer>> tables = new HashMap<>();
    List<Integer> table = new ArrayList<>();
    for (String line : text().lines().filter(line -> !line.startsWith("#")).toList()) {
      if (line.startsWith(" ")) {
        for (String number : line.strip().split(" ", -1)) {
          table.add(Integer.valueOf(number));
        }
      } else {
        table = new ArrayList<>();
        tables.put(line, table);
      }
    }
    Map<String, int[]> arrays = new HashMap<>();
    tables.forEach(
        (name, numbers) ->
            arrays.put(name, numbers.stream().mapToInt(Integer::intValue).toArray()));
    return arrays;
  }

  private static String text() {
    try (InputStream in = Vp8Constants.class.getResourceAsStream("vp8-constants.txt")) {
      return new String(in.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
