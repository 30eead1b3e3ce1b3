package dev.featuremap.job.images.source;

import org.apache.spark.sql.Row;

/**
 * One labelled image of a source.
 *
 * @param id stable, whatever reads it: {@code 0 … images-1}
 * @param place the file, or what else helps a person to find it
 * @param label as the source has it; null if there is none
 * @param kept what else is kept of it, as {@link ImageSource#kept} says; null if nothing is
 */
public record SourceRecord(long id, String place, String label, ImageContent content, Row kept) {

  /** A record of which nothing else is kept. */
  public SourceRecord(long id, String place, String label, ImageContent content) {
    this(id, place, label, content, null);
  }

  /** The same record with another id. */
  SourceRecord withId(long other) {
    return new SourceRecord(other, place, label, content, kept);
  }
}
