package dev.featuremap.job.images.decode;

import dev.featuremap.format.ModelFile;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.Resize;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.ImageContent;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.LabelIndex;
import dev.featuremap.job.images.source.LabelSetIndex;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.tensor.Shape;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Turns the records of a source into what a network takes: classes and pixels. Travels.
 *
 * @param fit makes images of the network's input
 * @param labels those of the model, whatever the source's are
 * @param classes how many the network tells apart
 * @param maxPixels of an encoded image
 * @param upright whether images are turned as their EXIF data say
 * @param sets the sets of labels of a source whose images may have several; null where each has one
 */
public record ImageReading(
    ImageFit fit,
    LabelIndex labels,
    int classes,
    long maxPixels,
    boolean upright,
    LabelSetIndex sets)
    implements Serializable {
  private static final int LABELS_SHOWN = 10;

  /** What reads images of one label each. */
  public ImageReading(ImageFit fit, LabelIndex labels, int classes, long maxPixels) {
    this(fit, labels, classes, maxPixels, false, null);
  }

  /** The shape of all images. */
  public Shape shape() {
    return fit.target();
  }

  /**
   * Checks what is known of a source before it is read.
   *
   * @throws JobException with {@code BAD_DATA} when its images or its labels are not the network's
   */
  public void requireFits(ImageSource source) {
    if (source.shape().isPresent() && !fit.takes(source.shape().get())) {
      throw unfit(source.toString(), source.shape().get());
    }
    List<String> names = labels.names();
    if (names.size() == 1) {
      throw JobException.badData(
          "Cannot train on %s: expected at least 2 labels, got only %s."
              .formatted(source, names.get(0)));
    }
    if (names.size() > classes) {
      throw JobException.badData(
          String.format(
              Locale.ROOT,
              "Cannot use %s: the network has %d classes, got %d labels: %s. Give the network's last layer as many outputs.",
              source,
              classes,
              names.size(),
              shown(names)));
    }
  }

  private JobException unfit(String what, Shape shape) {
    return JobException.badData(
        "Cannot feed %s to the network: it takes images of %s, got %s. Set data.resize, change input.shape of the network, or give other data."
            .formatted(what, fit.target(), shape));
  }

  /**
   * The class of a record, or the number of its set of labels.
   *
   * @throws JobException with {@code BAD_DATA} if the model does not know its label
   * @throws BadImageException if it has none
   */
  public int classOf(SourceRecord record) throws BadImageException {
    if (record.label() == null) {
      throw new BadImageException("it has no label");
    }
    return sets == null ? classNamed(record) : sets.of(record.label());
  }

  /**
   * True if a record is a labelled image.
   *
   * @throws JobException with {@code BAD_DATA} if it is one that does not fit the network
   */
  public boolean check(SourceRecord record) {
    try {
      classOf(record);
      pixels(record.id(), record.place(), record.content());
      return true;
    } catch (BadImageException e) {
      return false;
    }
  }

  /**
   * The pixels of an image as the network takes it, {@code [channel, row, column]}.
   *
   * @param id its record id, for messages
   * @param place where a person finds it
   * @throws JobException with {@code BAD_DATA} if it is of a shape that does not fit
   * @throws BadImageException if it is no image
   */
  public byte[] pixels(long id, String place, ImageContent content) throws BadImageException {
    Pixels image = content.pixels(new ImageDecoder(maxPixels, upright));
    if (!fit.takes(image.shape())) {
      throw unfit(String.format(Locale.ROOT, "record %d in %s", id, place), image.shape());
    }
    return fit.apply(image).values();
  }

  /**
   * What reads images for a network.
   *
   * @param labels those of the model, whatever the source's are
   * @param data how images of other sizes are brought to the network's, and how large one may be
   * @throws JobException with {@code USAGE} if that way does not lead to the network's size
   */
  public static ImageReading of(NetworkPlan plan, LabelIndex labels, DataSettings data) {
    return new ImageReading(
        fit(plan.spec().input().shape(), data.resize()),
        labels,
        plan.classes(),
        data.maxPixels(),
        data.upright(),
        null);
  }

  /**
   * The same for a source, which brings its own sets of labels where images may have several.
   *
   * @throws JobException with {@code BAD_DATA} if the model does not know a label of it
   */
  public ImageReading of(ImageSource source) {
    LabelIndex own = source.labels();
    return own.hasSeveral()
        ? new ImageReading(
            fit,
            labels,
            classes,
            maxPixels,
            upright,
            own.setsOf(labels, classes, source.toString()))
        : this;
  }

  /** The sets of labels that classes are numbers of; empty where each image has one label. */
  public Optional<LabelSets> labelSets() {
    return Optional.ofNullable(sets).map(LabelSetIndex::sets);
  }

  /**
   * What brings images to a shape.
   *
   * @throws JobException with {@code USAGE} if the way to resize does not lead to that shape
   */
  public static ImageFit fit(Shape shape, Resize resize) {
    try {
      return new ImageFit(shape, resize);
    } catch (IllegalArgumentException e) {
      throw JobException.usage(e.getMessage());
    }
  }

  /**
   * The settings by which a model's images are read: resized as it was trained, unless they say
   * how, and turned upright if it was trained so.
   *
   * @param say gets a line if that is not what they say
   */
  public static DataSettings recorded(DataSettings data, ModelFile model, Consumer<String> say) {
    Resize given = data.resize();
    Resize recorded = model.resize();
    boolean turns = model.notes().upright();
    if (turns && !data.upright()) {
      say.accept("images are turned as in training: data.exif-rotation = apply");
    } else if (data.upright() && !turns) {
      say.accept(
          "warning: the model was trained with data.exif-rotation = ignore, and data.exif-rotation = apply is used");
    }
    if (recorded.equals(Resize.NONE) || recorded.equals(given)) {
      return data.reading(given, turns || data.upright());
    }
    boolean said = !given.equals(Resize.NONE);
    say.accept(
        said
            ? "warning: the model was trained with data.resize = %s, and data.resize = %s is used"
                .formatted(recorded.settingName(), given.settingName())
            : "images are resized as in training: data.resize = " + recorded.settingName());
    return data.reading(given.orElse(recorded), turns || data.upright());
  }

  private int classNamed(SourceRecord record) {
    OptionalInt number = labels.classOf(record.label());
    if (number.isPresent() && number.getAsInt() < classes) {
      return number.getAsInt();
    }
    throw JobException.badData(
        labels.names().isEmpty()
            ? String.format(
                Locale.ROOT,
                "Cannot use %s: the network has %d classes, got label %s at record %d, expected 0 to %d. Give the network's last layer more outputs, or mend the data.",
                record.place(),
                classes,
                record.label(),
                record.id(),
                classes - 1)
            : String.format(
                Locale.ROOT,
                "Cannot use %s: the model does not know label %s at record %d, expected one of %s.%s",
                record.place(),
                record.label(),
                record.id(),
                shown(labels.names()),
                labels.formHint(record.label())));
  }

  private static String shown(List<String> names) {
    String more = names.size() > LABELS_SHOWN ? ", …" : "";
    return names.stream().limit(LABELS_SHOWN).collect(Collectors.joining(", ")) + more;
  }
}
