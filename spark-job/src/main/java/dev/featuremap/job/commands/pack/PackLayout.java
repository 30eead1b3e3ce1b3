package dev.featuremap.job.commands.pack;

import dev.featuremap.random.CounterRandom;
import dev.featuremap.random.Purpose;
import dev.featuremap.random.SeededPermutation;
import java.io.Serializable;
import java.util.Locale;

/**
 * Which record of a set goes to which file, and to which place in it: its rank in a seeded
 * permutation decides.
 *
 * @param set {@code train}, {@code validation} or {@code test}
 * @param images at least 1
 * @param imagesPerFile at least 1
 */
record PackLayout(String set, long images, int imagesPerFile, long seed) implements Serializable {

  long rankOf(long id) {
    return new SeededPermutation(images, CounterRandom.stream(seed, Purpose.PACKING)).apply(id);
  }

  int fileOf(long rank) {
    return (int) (rank / imagesPerFile);
  }

  int files() {
    return Math.toIntExact((images - 1) / imagesPerFile + 1);
  }

  /** The name that Hugging Face's tools expect: {@code train-00003-of-00015.parquet}. */
  String name(int file) {
    return String.format(Locale.ROOT, "%s-%05d-of-%05d.parquet", set, file, files());
  }
}
