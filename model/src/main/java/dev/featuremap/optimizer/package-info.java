/**
 * Optimizers, learning-rate schedules and gradient clipping over the flat vector.
 *
 * <p>May import {@code spec} and the JDK. To add an optimizer or a schedule, add its class and one
 * line to {@code Optimizers} or {@code Schedules}.
 */
package dev.featuremap.optimizer;
