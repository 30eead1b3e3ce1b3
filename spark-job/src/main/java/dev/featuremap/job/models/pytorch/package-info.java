/**
 * Writes networks as source text of PyTorch.
 *
 * <p>May import {@code failure} and the model. A new layer gets a method in {@code PytorchLayers}.
 */
package dev.featuremap.job.models.pytorch;
