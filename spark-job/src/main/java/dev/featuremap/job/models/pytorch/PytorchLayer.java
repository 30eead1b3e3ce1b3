package dev.featuremap.job.models.pytorch;

import java.util.Optional;

/**
 * One layer in Python.
 *
 * @param module makes the module that holds its parameters; empty where it has none
 * @param result the expression of its result
 */
record PytorchLayer(Optional<String> module, String result) {

  static PytorchLayer function(String result) {
    return new PytorchLayer(Optional.empty(), result);
  }
}
