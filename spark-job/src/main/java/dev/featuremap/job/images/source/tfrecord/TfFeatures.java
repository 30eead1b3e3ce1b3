package dev.featuremap.job.images.source.tfrecord;

import dev.featuremap.job.config.DataSettings;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Which features of an example hold what; of several names the first that is there.
 *
 * @param images names of the encoded image
 * @param labels names of the label
 * @param id the name of the record id; null where records are numbered in their order
 */
record TfFeatures(String[] images, String[] labels, String id) implements Serializable {
  private static final String[] USUAL_IMAGES = {"image", "image/encoded", "image_raw"};
  private static final String[] USUAL_LABELS = {"label", "image/class/label"};

  /** Those that settings name, or the usual ones in place of the defaults of tables. */
  static TfFeatures of(DataSettings settings) {
    DataSettings.Table table = settings.table();
    return new TfFeatures(
        table.image().equals(USUAL_IMAGES[0]) ? USUAL_IMAGES : new String[] {table.image()},
        table.label().equals(USUAL_LABELS[0]) ? USUAL_LABELS : new String[] {table.label()},
        settings.ids() == DataSettings.Ids.EXPLICIT ? table.id() : null);
  }

  /** True for a feature that is read. */
  boolean wants(String name) {
    return name.equals(id)
        || Arrays.asList(images).contains(name)
        || Arrays.asList(labels).contains(name);
  }
}
