/**
 * Training without a cluster: what one worker does in a step and a round, with the threads it is
 * given, how rounds are joined, and the local trainer that everything distributed is held against.
 *
 * <p>A setting of training is a component of {@link dev.featuremap.train.TrainingSpec}; read first
 * {@link dev.featuremap.train.Worker}, {@link dev.featuremap.train.BatchExecutor} and {@link
 * dev.featuremap.train.LocalTrainer}.
 */
package dev.featuremap.train;
