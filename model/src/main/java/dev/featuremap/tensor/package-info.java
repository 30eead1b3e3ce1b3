/**
 * Shapes and the image-lane layout that every kernel and layer shares.
 *
 * <p>May import the JDK only.
 */
package dev.featuremap.tensor;
