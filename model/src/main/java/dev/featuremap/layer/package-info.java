/**
 * What a layer is: its description ({@link dev.featuremap.layer.LayerSpec}), the working layer
 * ({@link dev.featuremap.layer.Layer}), and what several layers share. Each kind has a package of
 * its own below this one.
 *
 * <p>To add a layer: a record that implements {@code LayerSpec} and its working layer, forward and
 * backward side by side in one file, in the package of its kind; a test that extends {@code
 * LayerContract}; a line in {@code network.LayerTypes}. CONTRIBUTING has the rest.
 */
package dev.featuremap.layer;
