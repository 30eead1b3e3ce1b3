package dev.featuremap.job.training.rounds;

import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.io.Serializable;

/** A network on its way to executors. */
interface SentNetwork extends Serializable {

  /** The network, planned, with the values of what is frozen. */
  NetworkPlan network();

  /**
   * A network of which nothing is frozen.
   *
   * @param hocon a network file
   */
  record Text(String hocon) implements SentNetwork {
    @Override
    public NetworkPlan network() {
      return NetworkPlan.of(NetworkSpec.parse(hocon));
    }
  }
}
