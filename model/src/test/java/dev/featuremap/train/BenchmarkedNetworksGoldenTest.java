package dev.featuremap.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Sha256;
import dev.featuremap.data.Shard;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.kernel.scalar.ScalarKernels;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.random.CounterRandom;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The networks that the benchmarks train give the same bits on scalar and vector kernels, on one
 * thread and several, at every vector width and on every JDK that runs this test.
 */
class BenchmarkedNetworksGoldenTest {
  private static final Path NETWORKS = Path.of("src/jmh/resources/dev/featuremap/bench");

  /** Mini-batches of 64 images, the last one smaller, or a single one of 20. */
  @ParameterizedTest
  @CsvSource({
    "N1, 190, d47ef2d4883b77f6bf1403a613f797da4eeb67060040069008935edb5ced54be",
    "N2, 190, 7ea61fe8431bc22967286a7f0c948e7e9a8ac15b07930a15fcfe4f75f9098bed",
    "N3, 100, 5b8ec37cac2026ba8f42334125523442481f4331432a6d515a1976fdc4acddb0",
    "N4, 190, b009b9466eea8e141268d479e373e2f05dfb45f5c6c3b7d6faed295ff10dff3c",
    "N5, 20, ee6af37493c9bce50db3e01adf56dff5627d76cbafe6f964c171a04866caf2eb",
  })
  void giveTheGoldenBitsOnAllKernelsAndThreads(String network, int images, String sha256)
      throws IOException {
    NetworkPlan plan = Specs.plan(Files.readString(NETWORKS.resolve(network + ".conf")));
    Shard shard = images(plan, images);

    assertThat(train(plan, shard, KernelLookup.kernels(), 1)).isEqualTo(sha256);
    assertThat(train(plan, shard, KernelLookup.kernels(), 2)).isEqualTo(sha256);
    assertThat(train(plan, shard, KernelLookup.kernels(), 3)).isEqualTo(sha256);
    assertThat(train(plan, shard, new ScalarKernels(), 1)).isEqualTo(sha256);
  }

  private static String train(NetworkPlan plan, Shard shard, Kernels kernels, int threads) {
    TrainingSpec training = Specs.training("epochs = 1, batch-size = 64, learning-rate = 0.01");
    try (Team team = new Team(threads)) {
      float[] state = new LocalTrainer(plan, training, kernels, shard, team).train();
      return Sha256.ofFloats(state, plan.parameters());
    }
  }

  private static Shard images(NetworkPlan plan, int count) {
    Shape shape = plan.spec().input().shape();
    byte[] pixels = new byte[count * shape.size()];
    int[] labels = new int[count];
    long[] records = new long[count];
    for (int image = 0; image < count; image++) {
      records[image] = image;
      labels[image] = image % plan.classes();
      for (int k = 0; k < shape.size(); k++) {
        int at = image * shape.size() + k;
        pixels[at] = (byte) CounterRandom.hash(labels[image] + 1L, at);
      }
    }
    return new MemoryShard(List.of(new ImageChunk(shape, records, labels, pixels)));
  }
}
