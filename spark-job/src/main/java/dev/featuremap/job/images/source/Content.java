package dev.featuremap.job.images.source;

import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.decode.ImageDecoder;
import dev.featuremap.job.images.decode.Pixels;

/** What a record holds for an image. */
public sealed interface Content {

  /**
   * The image, decoded if need be.
   *
   * @throws BadImageException if there is none
   */
  Pixels pixels(ImageDecoder decoder) throws BadImageException;

  /** A file of some image format. */
  final class Encoded implements Content {
    private final byte[] bytes;

    /** Takes the whole file's bytes as they are. */
    public Encoded(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The whole file; the array is live. */
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public Pixels pixels(ImageDecoder decoder) throws BadImageException {
      return decoder.decode(bytes);
    }
  }

  /** Pixels as they are. */
  record Plain(Pixels image) implements Content {
    @Override
    public Pixels pixels(ImageDecoder decoder) {
      return image;
    }
  }

  /** Nothing that could be used, and why. */
  record Unusable(String reason) implements Content {
    @Override
    public Pixels pixels(ImageDecoder decoder) throws BadImageException {
      throw new BadImageException(reason);
    }
  }

  /** The content of {@code bytes} that are too many to be read. */
  static Content tooLarge(long bytes, int maxBytes) {
    return new Unusable("it has %,d bytes, data.max-bytes allows %,d".formatted(bytes, maxBytes));
  }
}
