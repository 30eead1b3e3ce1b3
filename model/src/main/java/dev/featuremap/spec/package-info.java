/**
 * Reading HOCON strictly: every problem at once, the nearest key named.
 *
 * <p>To read a new kind of value, add a method to {@link dev.featuremap.spec.Options}.
 */
package dev.featuremap.spec;
