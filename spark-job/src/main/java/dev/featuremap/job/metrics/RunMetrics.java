package dev.featuremap.job.metrics;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Adds the run's gauges to the driver's metrics, where their names start with {@code plugin.} and
 * the name of this class. Executors get nothing of it.
 */
public final class RunMetrics implements SparkPlugin {
  private final RunGauges gauges = RunGauges.ofThisProcess();

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext spark, PluginContext context) {
        gauges.clear();
        return Map.of();
      }

      @Override
      public void registerMetrics(String applicationId, PluginContext context) {
        gauges.registerIn(context.metricRegistry());
      }
    };
  }

  /** None: Spark takes null for that. */
  @Override
  public ExecutorPlugin executorPlugin() {
    return null;
  }
}
