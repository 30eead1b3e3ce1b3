package dev.featuremap.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.List;

/** Values of a configuration as they are written: what would have to be rounded is an error. */
final class ExactValues {
  private ExactValues() {}

  static boolean isList(Config config, String key) {
    return config.getValue(key).valueType() == ConfigValueType.LIST;
  }

  /** A list of texts; one text stands for a list of one. */
  static List<String> texts(Config config, String key) {
    return isList(config, key) ? config.getStringList(key) : List.of(config.getString(key));
  }

  static int integer(Config config, String key) {
    return integer(config.getDouble(key));
  }

  /** A list of integers; one stands for two. */
  static List<Integer> integers(Config config, String key) {
    if (!isList(config, key)) {
      int both = integer(config, key);
      return List.of(both, both);
    }
    return config.getDoubleList(key).stream().map(ExactValues::integer).toList();
  }

  private static int integer(double value) {
    int integer = (int) value;
    if (integer != value) {
      throw new ArithmeticException("not an integer");
    }
    return integer;
  }

  /** Config's own getLong drops a fraction and clamps what is too large. */
  static long longInteger(Config config, String key) {
    return new BigDecimal(config.getNumber(key).toString()).longValueExact();
  }
}
