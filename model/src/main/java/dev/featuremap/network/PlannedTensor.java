package dev.featuremap.network;

import dev.featuremap.layer.ParameterSpec;

/**
 * A tensor in its place.
 *
 * @param name {@code layer.tensor}, as in {@code conv1.weight}, or the layer's name alone
 * @param at where it starts in the flat vector, or in the region of the buffers
 */
public record PlannedTensor(String name, ParameterSpec spec, int at) {}
