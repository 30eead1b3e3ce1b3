/**
 * Reading HOCON strictly: every problem at once, the nearest key named. Read {@link
 * dev.featuremap.spec.Options} first. One more kind of value is one more method of it.
 */
package dev.featuremap.spec;
