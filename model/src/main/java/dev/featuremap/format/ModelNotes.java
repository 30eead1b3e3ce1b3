package dev.featuremap.format;

import dev.featuremap.image.Resize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a model's file says of the images that it was trained on, beside the network's text.
 *
 * @param labels names of the classes in order; empty where they have none
 * @param severalLabels whether an image may have none, one or several of them
 * @param resize how images of other sizes were brought to the network's in training; {@code NONE}
 *     too where the file does not say
 * @param upright whether images were turned as their EXIF data say
 */
public record ModelNotes(
    List<String> labels, boolean severalLabels, Resize resize, boolean upright) {
  private static final String LABELS = "featuremap.labels";
  private static final String SEVERAL_LABELS = "featuremap.several-labels";
  private static final String RESIZE = "featuremap.resize";
  private static final String EXIF_ROTATION = "featuremap.exif-rotation";
  private static final String APPLY = "apply";

  /** Copies the list. */
  public ModelNotes {
    labels = List.copyOf(labels);
  }

  /** Images of one size with one label each. */
  public static ModelNotes labelled(List<String> labels) {
    return new ModelNotes(labels, false, Resize.NONE, false);
  }

  /**
   * The metadata that makes a file of parameters a model; {@code format} is PyTorch's mark. Labels
   * are a JSON list; what is as in {@link #labelled} is not written.
   */
  public Map<String, String> metadata(String networkText) {
    Map<String, String> metadata =
        new HashMap<>(Map.of("format", "pt", ModelFile.NETWORK, networkText));
    if (!labels.isEmpty()) {
      metadata.put(LABELS, labelList());
    }
    if (severalLabels) {
      metadata.put(SEVERAL_LABELS, "true");
    }
    if (!resize.equals(Resize.NONE)) {
      metadata.put(RESIZE, resize.settingName());
    }
    if (upright) {
      metadata.put(EXIF_ROTATION, APPLY);
    }
    return metadata;
  }

  /** The same with other names of classes. */
  ModelNotes with(List<String> names) {
    return new ModelNotes(names, severalLabels, resize, upright);
  }

  /** The same of images that are resized in another way. */
  ModelNotes with(Resize other) {
    return new ModelNotes(labels, severalLabels, other, upright);
  }

  /** Names of classes as a JSON list. */
  public String labelList() {
    return labels.stream().map(SafetensorsHeader::quote).collect(Collectors.joining(",", "[", "]"));
  }

  /**
   * Reads what {@link #metadata} wrote.
   *
   * @param source how messages name the file
   * @throws FormatException if it is damaged
   */
  static ModelNotes read(Map<String, String> metadata, String source) throws FormatException {
    return new ModelNotes(
        labels(metadata, source),
        Boolean.parseBoolean(metadata.get(SEVERAL_LABELS)),
        resize(metadata, source),
        APPLY.equals(metadata.get(EXIF_ROTATION)));
  }

  private static List<String> labels(Map<String, String> metadata, String source)
      throws FormatException {
    String text = metadata.get(LABELS);
    if (text == null) {
      return List.of();
    }
    JsonCursor cursor = new JsonCursor(text, "%s of %s".formatted(LABELS, source));
    List<String> labels = cursor.list(cursor::string);
    cursor.expectPadding();
    return labels;
  }

  private static Resize resize(Map<String, String> metadata, String source) throws FormatException {
    String name = metadata.getOrDefault(RESIZE, Resize.NONE.settingName());
    return Resize.named(name)
        .orElseThrow(
            () ->
                new FormatException(
                    "Cannot read the model %s: %s of its metadata must be one of %s, got %s."
                        .formatted(source, RESIZE, Resize.names(), name)));
  }
}
