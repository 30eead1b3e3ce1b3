/**
 * Starting values of parameters, each with its paper.
 *
 * <p>To add an initializer, add a constant and a case to {@link dev.featuremap.init.Initializer}.
 */
package dev.featuremap.init;
