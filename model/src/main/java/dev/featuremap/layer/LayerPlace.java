package dev.featuremap.layer;

/**
 * Where a layer stands in its network.
 *
 * @param index the layer's number, from 0; it keeps the random numbers of two layers apart
 * @param parametersAt where the layer's slice starts in the flat parameter vector
 */
public record LayerPlace(int index, int parametersAt) {}
