package dev.featuremap.job.images.source;

import java.io.Serializable;

/** Which records are wanted. */
@FunctionalInterface
public interface IdFilter extends Serializable {
  /** Every record. */
  IdFilter ALL = id -> true;

  /** True when the record of that id is wanted. */
  boolean takes(long id);
}
