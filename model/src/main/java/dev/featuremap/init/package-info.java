/**
 * Starting values of parameters, each with its paper.
 *
 * <p>May import {@code random}, {@code spec} and the JDK. To add an initializer, add its class and
 * one line to {@code Initializers}.
 */
package dev.featuremap.init;
