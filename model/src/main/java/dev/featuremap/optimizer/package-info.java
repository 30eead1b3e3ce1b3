/**
 * Optimizers, learning-rate schedules and gradient clipping over the flat vector.
 *
 * <p>To add an optimizer: a record that implements {@link dev.featuremap.optimizer.Optimizer} and
 * says in its {@code TYPE} which settings it reads; a test that extends {@code ElementwiseContract}
 * or {@code TensorwiseContract}; a line in {@link dev.featuremap.optimizer.Optimizers}. To add a
 * schedule: a record in {@link dev.featuremap.optimizer.Schedules}, so that specs compare by value.
 */
package dev.featuremap.optimizer;
