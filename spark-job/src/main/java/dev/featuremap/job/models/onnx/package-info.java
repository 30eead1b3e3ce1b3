/**
 * Writes trained networks as ONNX (Open Neural Network Exchange), with the classes that protoc made
 * of its schema.
 *
 * <p>May import {@code failure} and the model. A new layer gets a method in {@code OnnxLayers}.
 */
package dev.featuremap.job.models.onnx;
