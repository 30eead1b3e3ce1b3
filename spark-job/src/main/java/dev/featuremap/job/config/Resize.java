package dev.featuremap.job.config;

/** What happens to an image of another size than is wanted. */
public enum Resize {
  /** It is refused. */
  NONE,
  /** Both sides are scaled, each by what it takes. */
  STRETCH,
  /** It is scaled to fit inside, centred, and surrounded by zeros. */
  FIT,
  /** It is scaled to cover all, and its centre is cut out. */
  CROP
}
