/**
 * Event files, which TensorBoard reads: records of a length, a payload and two check sums, whose
 * payloads are messages of Protocol Buffers. Only the few fields that a run needs are written, so
 * their numbers stand here and no generated classes.
 *
 * <p>Read {@code EventFiles} first. One more value is a call of {@code EventFile} there.
 */
package dev.featuremap.job.watch.tensorboard;
