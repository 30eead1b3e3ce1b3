package dev.featuremap.train;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The worst of any number of mistakes. */
final class WorstMistakes {
  private final int most;
  private final PriorityQueue<Mistake> mistakes =
      new PriorityQueue<>(Mistake.WORST_FIRST.reversed());

  /** Keeps {@code most} of them. */
  WorstMistakes(int most) {
    this.most = most;
  }

  /** True if an image with that margin may belong to the worst; a right one does not. */
  boolean takes(float margin) {
    return margin > 0 && (mistakes.size() < most || margin >= mistakes.peek().margin());
  }

  void add(Mistake mistake) {
    mistakes.add(mistake);
    if (mistakes.size() > most) {
      mistakes.remove();
    }
  }

  /** Those that are kept, the worst first. */
  List<Mistake> list() {
    List<Mistake> list = new ArrayList<>(mistakes);
    list.sort(Mistake.WORST_FIRST);
    return list;
  }
}
