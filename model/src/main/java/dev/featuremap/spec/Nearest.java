package dev.featuremap.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word a user probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the smallest edit distance (Levenshtein 1966) to {@code word}, case apart,
   * if at most half of the word, or two letters, would have to change; of equals the first by
   * alphabet.
   */
  public static Optional<String> to(String word, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.comparingInt((String candidate) -> distance(word, candidate))
                .thenComparing(candidate -> candidate))
        .filter(candidate -> distance(word, candidate) <= Math.max(2, word.length() / 2));
  }

  static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT);
    String b = second.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
