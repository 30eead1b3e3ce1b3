package dev.featuremap.job.models.pytorch;

import java.util.Map;

/**
 * One layer in Python.
 *
 * @param modules what makes each module that holds its parameters, by its name within the layer;
 *     the empty name is the layer's own
 * @param result the expression of its result
 */
record PytorchLayer(Map<String, String> modules, String result) {

  /** A layer that is one module. */
  static PytorchLayer module(String module, String result) {
    return new PytorchLayer(Map.of("", module), result);
  }

  /** A layer without parameters. */
  static PytorchLayer function(String result) {
    return new PytorchLayer(Map.of(), result);
  }
}
