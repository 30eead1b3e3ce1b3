/**
 * Losses and their gradients, and the sums they add to.
 *
 * <p>To add a loss, add its class, one line to {@code Losses} and a golden run that uses it.
 */
package dev.featuremap.loss;
