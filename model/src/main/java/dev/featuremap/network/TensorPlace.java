package dev.featuremap.network;

/**
 * Where training has a tensor of a network.
 *
 * @param tensor with its place in the model of its part: parameters, then buffers
 * @param frozen whether that is {@link FrozenPart#values}, and not what is trained
 */
public record TensorPlace(PlannedTensor tensor, boolean frozen) {}
