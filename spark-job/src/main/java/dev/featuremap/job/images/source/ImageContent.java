package dev.featuremap.job.images.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.Pixels;
import dev.featuremap.job.cluster.RecordSerializer;
import java.io.Serializable;
import java.util.Locale;

/** What a record holds for an image, as its source has it. */
public sealed interface ImageContent extends Serializable {

  /** What is held of the image: a file, or {@code [channel, row, column]}; live. */
  byte[] bytes();

  /**
   * The pixels, decoded if need be.
   *
   * @throws BadImageException if there is no image
   */
  Pixels pixels(ImageDecoder decoder) throws BadImageException;

  /**
   * A file of some image format.
   *
   * @param bytes the whole file; the array is live
   */
  @DefaultSerializer(RecordSerializer.class)
  record Encoded(byte[] bytes) implements ImageContent {
    @Override
    public Pixels pixels(ImageDecoder decoder) throws BadImageException {
      return decoder.decode(bytes);
    }
  }

  /** Pixels as they are. */
  @DefaultSerializer(RecordSerializer.class)
  record Plain(Pixels image) implements ImageContent {
    @Override
    public byte[] bytes() {
      return image.values();
    }

    @Override
    public Pixels pixels(ImageDecoder decoder) {
      return image;
    }
  }

  /** Nothing that could be used, and why. */
  record Unusable(String reason) implements ImageContent {
    @Override
    public byte[] bytes() {
      return new byte[0];
    }

    @Override
    public Pixels pixels(ImageDecoder decoder) throws BadImageException {
      throw new BadImageException(reason);
    }
  }

  /** The content of {@code bytes} that are too many to be read. */
  static ImageContent tooLarge(long bytes, int maxBytes) {
    return new Unusable(
        String.format(Locale.ROOT, "it has %,d bytes, data.max-bytes allows %,d", bytes, maxBytes));
  }
}
