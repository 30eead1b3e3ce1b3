package dev.featuremap.job.images.source;

/** A training and a test set whose files say by their names which is which. */
public interface NamedSets {
  /** The images to learn from. */
  ImageSource train();

  /** The images to judge by. */
  ImageSource test();
}
