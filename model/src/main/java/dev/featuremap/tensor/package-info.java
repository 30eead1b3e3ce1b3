/**
 * Shapes and the image-lane layout that every kernel and layer shares.
 *
 * <p>Whatever every kernel must agree on belongs here, and nothing else.
 */
package dev.featuremap.tensor;
