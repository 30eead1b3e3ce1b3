/**
 * Random changes of training images, so that a network sees each image in many forms.
 *
 * <p>All draws hash the run's seed, the epoch and the record's id, so that an image looks the same
 * in an epoch wherever and with whatever others it is trained on; only what it is mixed with
 * follows from its block. To add a change, add its class, its setting to {@code Augmentation} and
 * its call to {@code Augmenter}.
 */
package dev.featuremap.augment;
