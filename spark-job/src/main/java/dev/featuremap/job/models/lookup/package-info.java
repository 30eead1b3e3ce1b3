/**
 * Where trained models are found.
 *
 * <p>May import {@code checkpoint}, {@code registry}, {@code run}, {@code source} and {@code
 * failure}.
 */
package dev.featuremap.job.models.lookup;
