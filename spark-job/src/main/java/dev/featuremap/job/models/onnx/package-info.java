/**
 * Writes trained networks as ONNX (Open Neural Network Exchange), with the classes that protoc made
 * of its schema.
 *
 * <p>A new type of layer gets an entry in {@code OnnxLayers}.
 */
package dev.featuremap.job.models.onnx;
