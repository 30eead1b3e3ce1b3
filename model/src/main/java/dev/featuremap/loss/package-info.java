/**
 * Losses and their gradients, and the sums they add to.
 *
 * <p>May import {@code kernel} and {@code tensor}. To add a loss, add its class and one line to
 * {@code Losses}.
 */
package dev.featuremap.loss;
