package dev.featuremap.job.training.checkpoint;

import dev.featuremap.format.BrokenSealException;

/**
 * A manifest whose own SHA-256 is right, but that says what this version does not know, or lacks
 * what it needs: it is not damaged, another version has written it.
 */
final class OtherVersionException extends BrokenSealException {
  private static final long serialVersionUID = 1L;

  OtherVersionException(String reason) {
    super(reason, false);
  }
}
