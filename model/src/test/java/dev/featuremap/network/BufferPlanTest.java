package dev.featuremap.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.testing.Specs;
import org.junit.jupiter.api.Test;

class BufferPlanTest {
  private static final String TANH = "{ type = tanh }";
  private static final String DENSE = "{ type = fully-connected, outputs = 10 }";
  private static final int IMAGE = 784 * 16;
  private static final int LOGITS = 10 * 16;

  @Test
  void twoBuffersServeAllActivationsOfAChainThatPredicts() {
    NetworkPlan chain = plan(TANH, TANH, TANH, TANH, DENSE);

    assertThat(BufferPlan.predicting(chain.steps()).bufferSizes()).containsExactly(IMAGE, IMAGE);
  }

  @Test
  void aShortcutKeepsItsBufferUntilItIsAdded() {
    NetworkPlan residual =
        plan(TANH, "{ type = residual, layers = [ %s, %s ] }".formatted(TANH, TANH), TANH, DENSE);

    assertThat(BufferPlan.predicting(residual.steps()).bufferSizes())
        .containsExactly(IMAGE, IMAGE, IMAGE);
  }

  @Test
  void gradientsOfAChainTakeTurns() {
    NetworkPlan chain = plan("{ type = batch-norm }", TANH, TANH, TANH, DENSE);

    // Five activations, the gradient of the logits, and two that take turns.
    assertThat(BufferPlan.training(chain.steps()).blockFloats())
        .isEqualTo(4L * IMAGE + LOGITS + 2L * IMAGE);
  }

  @Test
  void aNormAddsItsShortcutAndRectifiesInItsOwnStep() {
    NetworkPlan block =
        plan(
            "{ type = residual, layers = [ %s, { type = batch-norm } ] }".formatted(TANH),
            "{ type = relu }",
            DENSE);

    assertThat(BufferPlan.training(block.steps()).steps()).hasSize(3);
    assertThat(BufferPlan.training(block.steps()).steps().get(1))
        .extracting(NetworkStep::isBarrier, NetworkStep::adds, NetworkStep::rectifies)
        .containsExactly(true, true, true);
  }

  @Test
  void aNormWritesItsGradientOverTheOneItReads() {
    NetworkPlan chain = plan(DENSE, "{ type = batch-norm }", "{ type = relu }", DENSE);
    BufferPlan.Route route = BufferPlan.training(chain.steps()).route(1);

    assertThat(route.passed()).isEqualTo(route.outputGradient());
    assertThat(route.inputGradient()).isEqualTo(route.outputGradient());
  }

  private static NetworkPlan plan(String... layers) {
    return Specs.plan(Texts.layers(layers));
  }
}
