package dev.featuremap.train;

/**
 * What the driver carries from round to round; the arrays are live.
 *
 * @param state {@code [parameters | slots | buffers]}, which workers start from
 * @param memory of the outer momentum, one value per parameter; empty where there is none
 */
public record OuterState(float[] state, float[] memory) {}
