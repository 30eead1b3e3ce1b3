package dev.featuremap.spec;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;

/** Reads the text of a value that is not resolved: what it names, and how deep it is. */
final class HoconPieces {
  private final String text;
  private final List<Layer> layers = new ArrayList<>();
  private List<List<String>> targets = new ArrayList<>();
  private int from;
  private int depth;
  private int deepest;
  private int at;

  /**
   * A value that takes part in another one.
   *
   * @param targets keys that it names
   */
  record Layer(long characters, int levels, List<List<String>> targets) {}

  /** Takes a text as the library renders it: strings are JSON, and there are no comments. */
  HoconPieces(String text) {
    this.text = text;
  }

  List<Layer> layers() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at = endOfString(at);
      } else if (text.startsWith("${", at)) {
        readTarget();
      } else {
        see(c);
        at++;
      }
    }
    endLayer();
    return layers;
  }

  private void see(char c) {
    switch (c) {
      case '{', '[' -> deepest = Math.max(deepest, ++depth);
      case '}', ']' -> depth--;
      case ',' -> {
        if (depth == 0) {
          endLayer();
        }
      }
      default -> {}
    }
  }

  private void endLayer() {
    layers.add(new Layer(at - from, deepest, targets));
    targets = new ArrayList<>();
    from = at;
    deepest = 0;
  }

  private void readTarget() {
    int begin = at + (text.startsWith("${?", at) ? 3 : 2);
    int end = begin;
    while (end < text.length() && text.charAt(end) != '}') {
      end = text.charAt(end) == '"' ? endOfString(end) : end + 1;
    }
    targets.add(ConfigUtil.splitPath(text.substring(begin, end)));
    at = end + 1;
  }

  private int endOfString(int begin) {
    int end = begin + 1;
    while (end < text.length() && text.charAt(end) != '"') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return end + 1;
  }
}
