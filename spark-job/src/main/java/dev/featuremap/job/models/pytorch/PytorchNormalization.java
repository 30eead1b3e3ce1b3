package dev.featuremap.job.models.pytorch;

import dev.featuremap.layer.normalization.GroupNorm;
import dev.featuremap.layer.normalization.InstanceNorm;
import dev.featuremap.layer.normalization.LayerNorm;
import dev.featuremap.layer.normalization.LayerScale;
import dev.featuremap.layer.normalization.LocalResponseNorm;
import dev.featuremap.tensor.Shape;

/** The layers that normalize each image by itself. */
final class PytorchNormalization {
  private PytorchNormalization() {}

  static PytorchLayer groupNorm(PytorchLayers place, GroupNorm norm) {
    String module =
        "nn.GroupNorm(%s, %s, eps=%s%s)"
            .formatted(
                norm.groups(),
                place.layer().input().channels(),
                norm.epsilon(),
                norm.affine() ? "" : ", affine=False");
    return PytorchLayer.module(module, place.call(place.input()));
  }

  static PytorchLayer instanceNorm(PytorchLayers place, InstanceNorm norm) {
    String module =
        "nn.InstanceNorm2d(%s, eps=%s%s)"
            .formatted(
                place.layer().input().channels(),
                norm.epsilon(),
                norm.affine() ? ", affine=True" : "");
    return PytorchLayer.module(module, place.call(place.input()));
  }

  /** PyTorch normalizes the last axis. */
  static PytorchLayer layerNorm(PytorchLayers place, LayerNorm norm) {
    Shape input = place.layer().input();
    String module =
        "nn.LayerNorm(%s, eps=%s%s)"
            .formatted(
                input.channels(),
                norm.epsilon(),
                norm.affine() ? "" : ", elementwise_affine=False");
    String result =
        input.isFlat()
            ? place.call(place.input())
            : place.call(place.input() + ".movedim(1, -1)") + ".movedim(-1, 1)";
    return PytorchLayer.module(module, result);
  }

  static PytorchLayer layerScale(PytorchLayers place, LayerScale scale) {
    Shape input = place.layer().input();
    String factors =
        input.isFlat()
            ? "torch.ones(%s)".formatted(input.channels())
            : "torch.ones(%s, 1, 1)".formatted(input.channels());
    return PytorchLayer.parameter(
        factors, place.input() + " * " + ModuleTree.parameter(place.layer().name()));
  }

  static PytorchLayer localResponseNorm(PytorchLayers place, LocalResponseNorm norm) {
    return PytorchLayer.function(
        place.flat(
            "F.local_response_norm(%s, %s, alpha=%s, beta=%s, k=%s)"
                .formatted(place.maps(), norm.size(), norm.alpha(), norm.beta(), norm.k())));
  }
}
