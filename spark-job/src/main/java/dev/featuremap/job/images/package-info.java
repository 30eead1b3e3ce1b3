/**
 * The door to images: recognises what lies in a directory and opens its training and test sets.
 *
 * <p>One more format is a package in {@code images.source} and an entry in {@code DataSets}.
 */
package dev.featuremap.job.images;
