/**
 * Losses and their gradients, and the sums they add to.
 *
 * <p>{@code Loss} is a network's own; {@code TrainingLoss} what training makes of it.
 *
 * <p>To add a loss, add its class, a constant and a case to {@code Loss} and a golden run that uses
 * it.
 */
package dev.featuremap.loss;
