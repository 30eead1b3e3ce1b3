/**
 * Starting values of parameters, each with its paper.
 *
 * <p>To add an initializer, add its class and one line to {@code Initializers}.
 */
package dev.featuremap.init;
