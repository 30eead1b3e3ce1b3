/**
 * Reading HOCON strictly: every problem at once, the nearest key named.
 *
 * <p>May import {@code com.typesafe.config} and the JDK.
 */
package dev.featuremap.spec;
