package dev.featuremap.job.ml;

import dev.featuremap.job.config.JobConfig;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params of a classifier besides those that all classifiers have. Each stands for a key of
 * {@code conf/train.conf}, whose default and range it has.
 */
final class CnnParams implements Serializable {
  private static final long serialVersionUID = 1L;

  final Param<String> network;
  final IntParam epochs;
  final IntParam batchSize;
  final IntParam workers;
  final DoubleParam learningRate;
  final Param<String> optimizer;
  final Param<String> syncEvery;
  final LongParam seed;
  final Param<String> idCol;
  final StringArrayParam settings;

  private final Params owner;

  /** Makes the params of {@code owner} and gives it their defaults. */
  CnnParams(Params owner) {
    this.owner = owner;
    network =
        new Param<>(
            owner,
            "network",
            "what is trained: a network's name such as lenet-5, the URI of a network file, or its"
                + " text in HOCON");
    epochs = new IntParam(owner, "epochs", "passes over the training images, at least 1");
    batchSize = new IntParam(owner, "batchSize", "images per update of one worker, at least 1");
    workers =
        new IntParam(
            owner,
            "workers",
            "parts the images are divided into, whatever the number of cores; part of the result");
    learningRate = new DoubleParam(owner, "learningRate", "step size, above 0");
    optimizer =
        new Param<>(owner, "optimizer", "one of the optimizers of conf/train.conf, such as sgd");
    syncEvery =
        new Param<>(
            owner, "syncEvery", "when workers average their parameters: epoch, N steps or 1 step");
    seed = new LongParam(owner, "seed", "decides all that is random");
    idCol =
        new Param<>(
            owner,
            "idCol",
            "column of whole numbers, no two alike, in whose order images are numbered; without it"
                + " they are numbered in the order of rows");
    settings = ExtraSettings.param(owner);
    owner.setDefault(network, "seed");
    owner.setDefault(epochs, 15);
    owner.setDefault(batchSize, 16);
    owner.setDefault(workers, 2);
    owner.setDefault(learningRate, 0.002);
    owner.setDefault(optimizer, "adam");
    owner.setDefault(syncEvery, "epoch");
    owner.setDefault(seed, 1L);
    owner.setDefault(settings, new String[0]);
  }

  /** The params that are keys of the configuration, by key. */
  private Map<String, Param<?>> byKey() {
    Map<String, Param<?>> keys = new LinkedHashMap<>();
    keys.put("network", network);
    keys.put("train.epochs", epochs);
    keys.put("train.batch-size", batchSize);
    keys.put("train.workers", workers);
    keys.put("train.learning-rate", learningRate);
    keys.put("train.optimizer.type", optimizer);
    keys.put("sync.every", syncEvery);
    keys.put("train.seed", seed);
    return keys;
  }

  /**
   * The configuration that the params describe.
   *
   * @throws IllegalArgumentException with every problem found
   */
  JobConfig config(Configuration hadoop) {
    Map<String, Param<?>> keys = byKey();
    List<String> given = new ArrayList<>();
    keys.forEach((key, param) -> given.add(key + "=" + text(param)));
    List<String> extra = List.of(owner.getOrDefault(settings));
    return ExtraSettings.load(given, extra, owner.uid(), keys, hadoop);
  }

  private String text(Param<?> param) {
    String text = owner.getOrDefault(param).toString().strip();
    // The text of a network file has no braces around it.
    return param.equals(network) && text.indexOf('=') >= 0 && !text.startsWith("{")
        ? "{\n" + text + "\n}"
        : text;
  }
}
