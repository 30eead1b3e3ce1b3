package dev.featuremap.network;

/** Network files that several tests read. */
final class Texts {
  /** The network of Nielsen's chapter 6: three feature maps, pooled, to ten digits. */
  static final String THREE_MAPS =
      """
      input { shape = [1, 28, 28] }
      layers = [
        { type = convolution, name = conv1, field = 5, feature-maps = 3 }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = fully-connected, name = dense1, outputs = 10 }
      ]
      """;

  private Texts() {}

  /** A network on {@code [1, 28, 28]} with these layers. */
  static String layers(String... layers) {
    return "input { shape = [1, 28, 28] }, layers = [ " + String.join(", ", layers) + " ]";
  }
}
