package dev.featuremap.job.ml;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.Keys;
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
  private final Map<String, Param<?>> byKey = new LinkedHashMap<>();

  /** Makes the params of {@code owner} and gives it their defaults. */
  CnnParams(Params owner) {
    this.owner = owner;
    network =
        text(
            "network",
            "network",
            "what is trained: a network's name such as lenet-5, the URI of a network file, or its"
                + " text in HOCON");
    epochs = integer("train.epochs", "epochs", "passes over the training images, at least 1");
    batchSize =
        integer("train.batch-size", "batchSize", "images per update of one worker, at least 1");
    workers =
        integer(
            "train.workers",
            "workers",
            "parts the images are divided into, whatever the number of cores; part of the result");
    learningRate = new DoubleParam(owner, "learningRate", "step size, above 0");
    add("train.learning-rate", learningRate, number("train.learning-rate").doubleValue());
    optimizer =
        text(
            "train.optimizer.type",
            "optimizer",
            "the optimizer's name, a train.optimizer.type of conf/train.conf");
    syncEvery =
        text(
            "sync.every",
            "syncEvery",
            "when workers average their parameters: epoch, N steps or 1 step");
    seed = new LongParam(owner, "seed", "decides all that is random");
    add("train.seed", seed, number("train.seed").longValue());
    idCol =
        new Param<>(
            owner,
            "idCol",
            "column of whole numbers, no two alike, in whose order images are numbered; without it"
                + " they are numbered in the order of rows");
    settings = ExtraSettings.param(owner);
  }

  private Param<String> text(String key, String name, String doc) {
    Param<String> param = new Param<>(owner, name, doc);
    add(key, param, (String) Keys.defaultOf(key));
    return param;
  }

  private IntParam integer(String key, String name, String doc) {
    IntParam param = new IntParam(owner, name, doc);
    add(key, param, number(key).intValue());
    return param;
  }

  private static Number number(String key) {
    return (Number) Keys.defaultOf(key);
  }

  private <T> void add(String key, Param<T> param, T value) {
    byKey.put(key, param);
    owner.setDefault(param, value);
  }

  /**
   * The configuration that the params describe.
   *
   * @throws IllegalArgumentException with every problem found
   */
  JobConfig config(Configuration hadoop) {
    List<String> given = new ArrayList<>();
    byKey.forEach((key, param) -> given.add(key + "=" + text(param)));
    List<String> extra = List.of(owner.getOrDefault(settings));
    return ExtraSettings.load(given, extra, owner.uid(), byKey, hadoop);
  }

  private String text(Param<?> param) {
    String text = owner.getOrDefault(param).toString().strip();
    // The text of a network file has no braces around it.
    return param.equals(network) && text.indexOf('=') >= 0 && !text.startsWith("{")
        ? "{\n" + text + "\n}"
        : text;
  }
}
