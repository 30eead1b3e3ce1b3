/**
 * Writes networks as source text of PyTorch.
 *
 * <p>A new type of layer gets an entry in {@code PytorchLayers}.
 */
package dev.featuremap.job.models.pytorch;
