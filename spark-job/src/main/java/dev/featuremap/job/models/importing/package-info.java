/**
 * Networks of others as network files and parameters of our own: ONNX graphs are read here.
 *
 * <p>{@link dev.featuremap.job.models.importing.OnnxReader} walks through a graph. Each operator
 * makes elements of a network, in the class of its kind. One more operator is an entry in that
 * class.
 */
package dev.featuremap.job.models.importing;
