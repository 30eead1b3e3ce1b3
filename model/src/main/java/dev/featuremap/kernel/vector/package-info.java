/** The twins of the Vector API; the only package that imports {@code jdk.incubator.vector}. */
package dev.featuremap.kernel.vector;
