package dev.featuremap.job.commands.pack;

import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.PngFile;
import dev.featuremap.image.Resize;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;

/** Makes rows of records: bytes stay what they are unless images are resized. */
final class RowMaker implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LabelIndex labels;
  private final PackRequest.Size size;
  private final Resize resize;
  private final long maxPixels;
  private final boolean upright;

  /**
   * A way to make rows.
   *
   * @param labels of both sets
   */
  RowMaker(LabelIndex labels, PackRequest request) {
    this.labels = labels;
    this.size = request.size().orElse(null);
    this.resize = request.data().resize().orElse(Resize.STRETCH);
    this.maxPixels = request.data().maxPixels();
    this.upright = request.data().upright();
  }

  PackedRow row(SourceRecord record) {
    String path = record.place().substring(record.place().lastIndexOf('/') + 1);
    byte[] image = record.content() instanceof ImageContent.Encoded file ? file.bytes() : null;
    String fault = record.label() == null ? "it has no label" : null;
    ImageDecoder decoder = new ImageDecoder(maxPixels, upright);
    try {
      if (size != null || image == null) {
        image = PngFile.encode(fitted(record.content().pixels(decoder)));
      } else {
        decoder.checkHead(image);
      }
    } catch (BadImageException e) {
      fault = e.getMessage();
      // Whatever that file is, it was not meant to travel with the images.
      image = null;
    }
    return new PackedRow(record.id(), path, classOf(record), image, fault);
  }

  private Pixels fitted(Pixels image) {
    return size == null
        ? image
        : new ImageFit(new Shape(image.shape().channels(), size.height(), size.width()), resize)
            .apply(image);
  }

  private int classOf(SourceRecord record) {
    if (record.label() == null) {
      return -1;
    }
    return labels
        .classOf(record.label())
        .orElseThrow(
            () ->
                JobException.badData(
                    "Cannot pack %s: label %s of record %s is none of the training set's.%s"
                        .formatted(
                            record.place(),
                            record.label(),
                            record.id(),
                            labels.formHint(record.label()))));
  }
}
