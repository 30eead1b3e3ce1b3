package dev.featuremap.job.testing;

import dev.featuremap.job.config.ConfigRequest;
import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.config.JobConfigLoader;
import dev.featuremap.job.training.rounds.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Networks of {@code conf/networks}: all that take images of 28×28 or 32×32 pixels, and of each
 * family of those for ImageNet the smallest, with images of 64×64 pixels and 20 classes.
 */
final class BundledNetworks {
  private static final Path FILES = Path.of("..", "conf", "networks");

  /** What stands in the files of the networks for ImageNet. */
  private static final String IMAGENET = "classes = 1000";

  private static final List<String> SMALLEST_FOR_IMAGENET =
      List.of(
          "alexnet",
          "convnext-tiny",
          "densenet-121",
          "efficientnet-b0",
          "efficientnet-lite0",
          "googlenet",
          "inception-v3",
          "mnasnet-0.5",
          "mobilenet-v2",
          "mobilenet-v3-small",
          "regnet-x-400mf",
          "regnet-y-400mf",
          "resnet-18",
          "resnet-50",
          "resnext-50-32x4d",
          "shufflenet-v2-x0.5",
          "squeezenet-1.0",
          "squeezenet-1.1",
          "vgg-11-bn");

  private BundledNetworks() {}

  /** The text of each by its name. */
  static Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (String name : SMALLEST_FOR_IMAGENET) {
      // Less does not pass through all of its windows.
      int side = name.equals("inception-v3") ? 96 : 64;
      texts.put(
          name,
          text(
              "{ base = %s, classes = 20, input.shape = [3, %s, %s] }"
                  .formatted(name, side, side)));
    }
    for (String name : small()) {
      texts.put(name, text(name));
    }
    return texts;
  }

  private static List<String> small() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : files.toList()) {
        if (!Files.readString(file).contains(IMAGENET)) {
          names.add(file.getFileName().toString().replace(".conf", ""));
        }
      }
    }
    return names;
  }

  /** What a configuration makes of {@code network}, a name or a section. */
  static String text(String network) {
    JobConfig config =
        JobConfigLoader.of(new Configuration())
            .load(ConfigRequest.defaults().withAssignments("network=" + network));
    return TrainingPlan.of(config).networkText();
  }
}
