package dev.featuremap.job.models.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.testing.SampleNetworks;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers of single images and of channels in Python; check-exports compares what they compute. */
class PytorchNormalizationTest {

  @Test
  void writesTheModulesOfPyTorch() {
    assertThat(
            source(
                """
                { type = group-norm, name = gn, groups = 2 }
                { type = instance-norm, name = in }
                { type = instance-norm, name = in2, affine = true, epsilon = 0.01 }
                { type = layer-norm, name = ln, epsilon = 1e-6 }
                { type = group-norm, name = gn2, groups = 1, affine = false }
                { type = global-average-pool }
                { type = layer-norm, name = ln2, affine = false }
                """))
        .contains(
            "\"gn\": nn.GroupNorm(2, 6, eps=1.0E-5),",
            "\"in\": nn.InstanceNorm2d(6, eps=1.0E-5),",
            "\"in2\": nn.InstanceNorm2d(6, eps=0.01, affine=True),",
            "\"ln\": nn.LayerNorm(6, eps=1.0E-6),",
            "\"gn2\": nn.GroupNorm(1, 6, eps=1.0E-5, affine=False),",
            "\"ln2\": nn.LayerNorm(6, eps=1.0E-5, elementwise_affine=False),",
            "x = self[\"ln\"](x.movedim(1, -1)).movedim(-1, 1)  # [6, 4, 4]",
            "x = self[\"ln2\"](x)  # [6]");
  }

  @Test
  void writesTheFunctionsOfPyTorch() {
    assertThat(
            source(
                """
                { type = local-response-norm, size = 5 }
                { type = channel-shuffle, groups = 3 }
                { type = channel-slice, from = 2 }
                { type = spatial-dropout, rate = 0.25 }
                { type = stochastic-depth, rate = 0.5 }
                { type = global-average-pool }
                { type = local-response-norm, size = 2, k = 2 }
                { type = channel-shuffle, groups = 2 }
                { type = channel-slice, to = 3 }
                { type = spatial-dropout, rate = 0.25 }
                { type = stochastic-depth, rate = 0.5 }
                """))
        .contains(
            """
                    x = F.local_response_norm(x, 5, alpha=1.0E-4, beta=0.75, k=1.0)  # [6, 4, 4]
                    x = F.channel_shuffle(x, 3)  # [6, 4, 4]
                    x = x[:, 2:6]  # [4, 4, 4]
                    x = F.dropout2d(x, 0.25, training=self.training)  # [4, 4, 4]
                    x = x * F.dropout(torch.ones_like(x[:, :1, :1, :1]), 0.5, training=self.training)  # [4, 4, 4]
                    x = x.mean((2, 3))  # [4]
                    x = F.local_response_norm(x[:, :, None, None], 2, alpha=1.0E-4, beta=0.75, k=2.0).flatten(1)  # [4]
                    x = F.channel_shuffle(x[:, :, None, None], 2).flatten(1)  # [4]
                    x = x[:, 0:3]  # [3]
                    x = F.dropout(x, 0.25, training=self.training)  # [3]
                    x = x * F.dropout(torch.ones_like(x[:, :1]), 0.5, training=self.training)  # [3]
            """);
  }

  @Test
  void addsALayerScaleToTheModuleAroundIt() {
    assertThat(
            source(
                """
                { type = layer-scale, name = gamma }
                { type = residual, name = features.1, layers = [
                  { type = layer-scale, name = layer_scale } ] }
                { type = layer-scale, name = alone.training }
                { type = global-average-pool }
                { type = layer-scale, name = vector }
                """))
        .contains(
            """
                        "features": nn.ModuleDict({
                            "1": nn.ModuleDict({}),
                        }),
                        "alone": nn.ModuleDict({}),
            """,
            """
                    })
                    self._parameters["gamma"] = nn.Parameter(torch.ones(6, 1, 1))
                    self._parameters["vector"] = nn.Parameter(torch.ones(6))
                    self["features"]["1"]._parameters["layer_scale"] = nn.Parameter(torch.ones(6, 1, 1))
                    self["alone"]._parameters["training"] = nn.Parameter(torch.ones(6, 1, 1))

                def forward(self, x):
            """,
            "x = x1 * self[\"features\"][\"1\"]._parameters[\"layer_scale\"]  # [6, 4, 4]\n",
            "x = x * self._parameters[\"vector\"]  # [6]\n");
  }

  @Test
  void refusesALayerScaleInsideAModule() {
    assertThatThrownBy(
            () ->
                source(
                    """
                    { type = convolution, name = conv, feature-maps = 2, field = 1 }
                    { type = layer-scale, name = conv.scale }
                    """))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot export to PyTorch: a module must not lie in another, got conv.scale in conv."
                + " Name one of the layers differently.");
  }

  private static String source(String layers) {
    return PytorchSource.of(
        SampleNetworks.random(
            """
            input.shape = [6, 4, 4]
            layers = [
            %s
              { type = fully-connected, name = fc, outputs = 2 }
            ]
            """
                .formatted(layers),
            List.of()));
  }
}
