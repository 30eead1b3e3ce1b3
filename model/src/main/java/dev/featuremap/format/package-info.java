/**
 * Files that models are stored in: safetensors, read as strictly as its specification allows; and
 * what proves that a small file is whole.
 *
 * <p>Nothing read here is trusted: a reader allocates no more than the file's size warrants and
 * fails with {@link dev.featuremap.format.FormatException} alone. To add a format, add a writer and
 * a reader, with a round trip, golden bytes and a seeded mutation test.
 */
package dev.featuremap.format;
