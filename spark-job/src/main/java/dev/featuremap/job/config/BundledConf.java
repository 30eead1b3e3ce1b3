package dev.featuremap.job.config;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The files of {@code conf/} as they travel in the jar. */
final class BundledConf {
  /** The networks one can name. A jar cannot be listed, so they are listed here. */
  static final List<String> NETWORKS =
      List.of(
          "seed",
          "shallow",
          "one-conv",
          "two-conv-sigmoid",
          "two-conv-relu",
          "two-conv-dropout",
          "four-conv-dropout",
          "lenet-5",
          "vgg-small",
          "resnet-8",
          "resnet-20",
          "resnet-32",
          "resnet-56",
          "resnet-18",
          "resnet-50",
          "mobilenet-like",
          "resnet-34",
          "resnet-101",
          "resnet-152",
          "wide-resnet-50-2",
          "wide-resnet-101-2",
          "resnext-50-32x4d",
          "resnext-101-32x8d",
          "vgg-11",
          "vgg-11-bn",
          "vgg-13",
          "vgg-13-bn",
          "vgg-16",
          "vgg-16-bn",
          "vgg-19",
          "vgg-19-bn",
          "alexnet",
          "squeezenet-1.0",
          "squeezenet-1.1",
          "mobilenet-v2",
          "mobilenet-v3-large",
          "mobilenet-v3-small",
          "efficientnet-b0",
          "efficientnet-b1",
          "efficientnet-b2",
          "efficientnet-b3",
          "efficientnet-lite0",
          "efficientnet-lite1",
          "efficientnet-lite2",
          "efficientnet-lite3",
          "efficientnet-lite4",
          "densenet-121",
          "googlenet",
          "inception-v3",
          "shufflenet-v2-x0.5",
          "shufflenet-v2-x1.0",
          "shufflenet-v2-x1.5",
          "shufflenet-v2-x2.0",
          "mnasnet-0.5",
          "mnasnet-0.75",
          "mnasnet-1.0",
          "mnasnet-1.3",
          "regnet-x-400mf",
          "regnet-x-800mf",
          "regnet-x-1.6gf",
          "regnet-x-3.2gf",
          "regnet-x-8gf",
          "regnet-x-16gf",
          "regnet-x-32gf",
          "regnet-y-400mf",
          "regnet-y-800mf",
          "regnet-y-1.6gf",
          "regnet-y-3.2gf",
          "regnet-y-8gf",
          "regnet-y-16gf",
          "regnet-y-32gf",
          "convnext-tiny",
          "timm-mobilenet-v3-large",
          "timm-mobilenet-v3-small",
          "timm-efficientnet-lite0",
          "tf-mobilenet-v3-large",
          "tf-mobilenet-v3-small",
          "tf-efficientnet-b0",
          "tf-efficientnet-b1",
          "tf-efficientnet-b2",
          "tf-efficientnet-b3");

  private static final String DEFAULTS = "train.conf";

  private BundledConf() {}

  /** Every key with its default. */
  static Config defaults() {
    return Defaults.PARSED;
  }

  /** Parsed once: each unknown key of a configuration is compared with all that there are. */
  private static final class Defaults {
    static final Config PARSED = ConfigFile.parse(text(DEFAULTS), "the defaults (conf/train.conf)");
  }

  /** A network of {@link #NETWORKS}; substitutions are not resolved yet. */
  static Config network(String name) {
    String file = "networks/" + name + ".conf";
    return ConfigFile.parse(text(file), "conf/" + file);
  }

  private static String text(String file) {
    try (InputStream in = BundledConf.class.getResourceAsStream("/dev/featuremap/conf/" + file)) {
      Objects.requireNonNull(in, () -> "conf/%s is not in the jar".formatted(file));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read conf/%s from the jar.".formatted(file), e);
    }
  }
}
