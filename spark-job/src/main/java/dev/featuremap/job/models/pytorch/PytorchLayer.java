package dev.featuremap.job.models.pytorch;

import java.util.Map;

/**
 * One layer in Python.
 *
 * @param modules what makes each module that holds its parameters, by its name within the layer;
 *     the empty name is the layer's own
 * @param parameter what makes a parameter of the layer's own name; empty for none
 * @param result the expression of its result
 */
record PytorchLayer(Map<String, String> modules, String parameter, String result) {

  /** A layer that is one module. */
  static PytorchLayer module(String module, String result) {
    return new PytorchLayer(Map.of("", module), "", result);
  }

  /** A layer that is a parameter of the module around it. */
  static PytorchLayer parameter(String parameter, String result) {
    return new PytorchLayer(Map.of(), parameter, result);
  }

  /** A layer without parameters. */
  static PytorchLayer function(String result) {
    return new PytorchLayer(Map.of(), "", result);
  }
}
