package dev.featuremap.image;

import java.io.IOException;
import java.util.Arrays;

/** A prefix code of symbols by the lengths of their words, at most 15 bits. */
final class Vp8lCode {
  private static final int LONGEST = 15;
  private static final int QUICK = 8;

  /** By the next 8 bits: {@code symbol << 4 | length}; 0 for longer words. */
  private final int[] quick = new int[1 << QUICK];

  /** How many words there are of each length. */
  private final int[] counts = new int[LONGEST + 1];

  private final int[] symbols;
  private final int only;

  /**
   * The code of symbols by their place.
   *
   * @param lengths 0 where a symbol has no word
   * @throws IOException if they are no code
   */
  Vp8lCode(int[] lengths) throws IOException {
    int used = 0;
    int last = 0;
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        counts[lengths[symbol]]++;
        used++;
        last = symbol;
      }
    }
    only = used == 1 ? last : -1;
    symbols = new int[used];
    int[] next = new int[LONGEST + 2];
    int room = 1;
    for (int length = 1; length <= LONGEST; length++) {
      room = 2 * room - counts[length];
      next[length + 1] = next[length] + counts[length];
      if (room < 0) {
        throw new IOException("a code has too many words");
      }
    }
    if (used == 0 || (used > 1 && room > 0)) {
      throw new IOException("a code lacks words");
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        symbols[next[lengths[symbol]]++] = symbol;
      }
    }
    fillQuick();
  }

  /** A code of one or two symbols. */
  static Vp8lCode ofSymbols(int size, int first, int second) throws IOException {
    int[] lengths = new int[size];
    if (first >= size || second >= size) {
      throw new IOException("a code has a symbol of no meaning");
    }
    lengths[first] = 1;
    lengths[second] = 1;
    return new Vp8lCode(lengths);
  }

  private void fillQuick() {
    int word = 0;
    int place = 0;
    for (int length = 1; length <= QUICK; length++) {
      word <<= 1;
      for (int k = 0; k < counts[length]; k++, word++, place++) {
        int reversed = Integer.reverse(word) >>> (32 - length);
        for (int at = reversed; at < quick.length; at += 1 << length) {
          quick[at] = symbols[place] << 4 | length;
        }
      }
    }
  }

  /** The next symbol; the only one takes no bits. */
  int read(Vp8lBits bits) throws IOException {
    if (only >= 0) {
      return only;
    }
    long next = bits.peek();
    int found = quick[(int) next & (quick.length - 1)];
    if (found != 0) {
      bits.skip(found & 15);
      return found >> 4;
    }
    int word = 0;
    int first = 0;
    int place = 0;
    for (int length = 1; length <= LONGEST; length++) {
      word = word << 1 | (int) (next >> (length - 1) & 1);
      first <<= 1;
      if (word - first < counts[length]) {
        bits.skip(length);
        return symbols[place + word - first];
      }
      place += counts[length];
      first += counts[length];
    }
    throw new IOException("a word of no code");
  }

  /** Reads the code itself. */
  static Vp8lCode read(Vp8lBits bits, int size) throws IOException {
    if (bits.flag()) {
      boolean two = bits.flag();
      int first = bits.number(bits.flag() ? 8 : 1);
      return ofSymbols(size, first, two ? bits.number(8) : first);
    }
    int[] order = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int count = 4 + bits.number(4);
    int[] ofLengths = new int[order.length];
    for (int k = 0; k < count; k++) {
      ofLengths[order[k]] = bits.number(3);
    }
    return new Vp8lCode(lengths(bits, new Vp8lCode(ofLengths), size));
  }

  private static int[] lengths(Vp8lBits bits, Vp8lCode code, int size) throws IOException {
    int left = bits.flag() ? 2 + bits.number(2 + 2 * bits.number(3)) : size;
    if (left > size) {
      throw new IOException("a code has too many words");
    }
    int[] lengths = new int[size];
    int previous = 8;
    int symbol = 0;
    while (symbol < size && left > 0) {
      left--;
      int length = code.read(bits);
      if (length < 16) {
        lengths[symbol++] = length;
        previous = length == 0 ? previous : length;
        continue;
      }
      int repeated =
          switch (length) {
            case 16 -> 3 + bits.number(2);
            case 17 -> 3 + bits.number(3);
            default -> 11 + bits.number(7);
          };
      if (symbol + repeated > size) {
        throw new IOException("a code has too many words");
      }
      Arrays.fill(lengths, symbol, symbol + repeated, length == 16 ? previous : 0);
      symbol += repeated;
    }
    return lengths;
  }
}
