package dev.featuremap.job.source;

/**
 * One labelled image of a source.
 *
 * @param id stable, whatever reads it: {@code 0 … images-1}
 * @param place the file, or what else helps a person to find it
 * @param label as the source has it; null if there is none
 */
public record SourceRecord(long id, String place, String label, Content content) {

  /** The same record with another id. */
  SourceRecord withId(long other) {
    return new SourceRecord(other, place, label, content);
  }
}
