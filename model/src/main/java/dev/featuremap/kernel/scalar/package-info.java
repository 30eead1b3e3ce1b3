/** The reference twins: plain loops. */
package dev.featuremap.kernel.scalar;
