package dev.featuremap.job.images.source;

import java.io.Serializable;

/** A record that is left out. A plain class with plain fields, since it travels. */
public final class BadRecord implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final String place;
  private final String reason;

  /**
   * A record and why it cannot be used.
   *
   * @param place where a person finds it
   * @param reason in words, completing "it is left out: "
   */
  public BadRecord(long id, String place, String reason) {
    this.id = id;
    this.place = place;
    this.reason = reason;
  }

  /** The record's id. */
  public long id() {
    return id;
  }

  @Override
  public String toString() {
    return "record %d in %s: %s".formatted(id, place, reason);
  }
}
