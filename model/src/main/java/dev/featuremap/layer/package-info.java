/**
 * The layers: a description and a working layer each, forward and backward side by side in one
 * file.
 *
 * <p>May import {@code init}, {@code kernel}, {@code random}, {@code spec}, {@code tensor}. To add
 * a layer, add its file, one line to {@code LayerTypes} and a method to {@code LayerVisitor}, which
 * the exporters then must implement; it inherits the layer contract of the tests.
 */
package dev.featuremap.layer;
