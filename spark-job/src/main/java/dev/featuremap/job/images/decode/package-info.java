/**
 * What a network takes, from what a record holds: the class of its label and the pixels of its
 * image, decoded and brought to the network's size by {@code dev.featuremap.image}.
 *
 * <p>{@link dev.featuremap.job.images.decode.ImageReading} says which records fit and which are
 * bad. One more rule for labels or images of all sources is a check there.
 */
package dev.featuremap.job.images.decode;
