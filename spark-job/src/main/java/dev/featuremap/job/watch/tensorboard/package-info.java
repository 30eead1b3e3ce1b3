/**
 * Event files, which TensorBoard reads: records of a length, a payload and two check sums, whose
 * payloads are messages of Protocol Buffers. Only the few fields that a run needs are written, so
 * their numbers stand here and no generated classes.
 *
 * <p>May import {@code track}, {@code run}, {@code page} (pictures), {@code image} (PNG), {@code
 * checkpoint} (its {@code Storage}), {@code failure}, Hadoop's {@code Path} and Protocol Buffers.
 */
package dev.featuremap.job.watch.tensorboard;
