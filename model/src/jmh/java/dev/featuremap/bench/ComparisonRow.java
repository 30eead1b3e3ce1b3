package dev.featuremap.bench;

import java.util.Locale;

/**
 * Featuremap beside one peer, in images per second.
 *
 * @param ours absent, as NaN, where Featuremap cannot train so
 * @param ratio ours to the peer's, by neighbouring measurements
 */
record ComparisonRow(
    String network,
    int threads,
    int batch,
    double ours,
    double oursSpread,
    String peerName,
    double peer,
    double peerSpread,
    double ratio) {

  static ComparisonRow of(
      String network, int threads, int batch, Rates ours, String peerName, Rates peer) {
    return new ComparisonRow(
        network,
        threads,
        batch,
        ours.median(),
        ours.spread(),
        peerName,
        peer.median(),
        peer.spread(),
        ours.ratioTo(peer));
  }

  /** One line of JSON. */
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"network\": \"%s\", \"threads\": %d, \"batch\": %d, \"jdk\": %d, \"ours\": %.1f,"
            + " \"peer\": %.1f, \"peer-name\": \"%s\", \"ratio\": %.3f, \"ours-spread\": %.3f,"
            + " \"peer-spread\": %.3f}",
        network,
        threads,
        batch,
        Runtime.version().feature(),
        ours,
        peer,
        peerName,
        ratio,
        oursSpread,
        peerSpread);
  }

  /** One line for people. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%-3s %7d %5d %,10.0f ±%3.0f %%  %-22s %,10.0f ±%3.0f %%  %6.2f",
        network,
        threads,
        batch,
        ours,
        50 * oursSpread,
        peerName,
        peer,
        50 * peerSpread,
        ratio);
  }
}
