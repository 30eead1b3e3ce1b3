/**
 * Images in memory: chunks of bytes, shards of chunks, and the order in which an epoch visits them.
 *
 * <p>May import {@code random}, {@code spec}, {@code tensor}.
 */
package dev.featuremap.data;
