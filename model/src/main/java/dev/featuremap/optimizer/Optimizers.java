package dev.featuremap.optimizer;

import dev.featuremap.optimizer.OptimizerType.Values;
import dev.featuremap.spec.Options;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The optimizers that a configuration can name; a new one is one line here. Docs and tests read
 * this list.
 */
public final class Optimizers {
  private static final List<OptimizerType> ALL =
      List.of(
          Sgd.TYPE,
          Adam.TYPE,
          AdamW.TYPE,
          Lars.TYPE,
          Lamb.TYPE,
          Muon.TYPE,
          RmsProp.TYPE,
          Lion.TYPE,
          NAdam.TYPE);

  private Optimizers() {}

  /** The names of all optimizers. */
  public static List<String> names() {
    return ALL.stream().map(OptimizerType::name).toList();
  }

  /** The keys of a section that the optimizer of that name uses, in its own order. */
  public static List<String> settings(String name) {
    return type(name).settings().stream().map(OptimizerSetting::key).toList();
  }

  /**
   * Defaults that the optimizer of that name has for itself, by key. They stand above those of
   * {@code conf/train.conf} and below what a user sets; most optimizers have none.
   */
  public static Map<String, Double> defaults(String name) {
    return type(name).settings().stream()
        .filter(setting -> setting.preset().isPresent())
        .collect(Collectors.toMap(OptimizerSetting::key, own -> own.preset().orElseThrow()));
  }

  private static OptimizerType type(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * Reads {@code type} and the settings of all optimizers. Keys that the chosen type has no use for
   * are checked too, because a configuration lists every key with its default.
   */
  public static Optimizer read(Options section) {
    OptimizerType chosen = type(section.choice("type", names()));
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (OptimizerType type : ALL) {
      for (OptimizerSetting setting : type.settings()) {
        String key = setting.key();
        numbers.computeIfAbsent(key, k -> chosen.setting(k).orElse(setting).read(section));
      }
    }
    return chosen.make().apply(new Values(section, numbers));
  }
}
