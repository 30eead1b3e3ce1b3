package dev.featuremap.job.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The Python module has the params of the Java classes, with their texts, and no defaults of its
 * own.
 */
class PythonParamsTest {
  private static final Path MODULE = Path.of("src/main/python/featuremap/ml.py");
  private static final Pattern PARAM =
      Pattern.compile(
          "    (\\w+) = Param\\(\\s+Params\\._dummy\\(\\),\\s+\"(\\w+)\",\\s+((?:\"[^\"]*\"\\s*)+),");
  private static final Pattern SHARED = Pattern.compile("    Has(\\w+),\n");
  private static final Pattern ARGUMENT = Pattern.compile("(\\w+)=([^,\n]+)");

  private static String python;
  private static final CnnClassifier JAVA = new CnnClassifier();
  private static final CnnClassificationModel MODEL = new CnnClassificationModel("model");

  @BeforeAll
  static void read() throws IOException {
    python = Files.readString(MODULE);
  }

  @Test
  void definesTheSameParamsWithTheSameTexts() {
    Map<String, String> expected = new TreeMap<>();
    own().forEach(param -> expected.put(param.name(), param.doc()));
    ofModels().forEach(param -> expected.put(param.name(), param.doc()));
    Map<String, String> found = new TreeMap<>();
    PARAM
        .matcher(python)
        .results()
        .forEach(
            param -> {
              assertThat(param.group(1)).isEqualTo(param.group(2));
              found.put(param.group(2), text(param.group(3)));
            });

    assertThat(found).isEqualTo(expected);
  }

  @Test
  void sharesTheOtherParamsOfTheJavaClasses() {
    List<String> own = own().stream().map(Param::name).toList();
    List<String> shared =
        SHARED
            .matcher(after("class _PredictionParams(", ")"))
            .results()
            .map(PythonParamsTest::lower)
            .toList();

    assertThat(shared)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(JAVA.params())
                .map(Param::name)
                .filter(name -> !own.contains(name))
                .toList());
    assertThat(MODEL.params())
        .extracting(Param::name)
        .containsExactlyInAnyOrderElementsOf(
            concat(shared, "settings", "featuresLayer", "layerFeaturesCol"));
  }

  @Test
  void asksJavaForItsDefaults() {
    assertThat(arguments("def __init__(", "):\n").values()).containsOnly("None");
    assertThat(python.split("self\\._setDefault\\(", -1)).hasSize(3);
    assertThat(python)
        .contains("self._setDefault(featuresLayer=\"\", layerFeaturesCol=\"layerFeatures\")\n");
    assertThat(MODEL.getFeaturesLayer()).isEmpty();
    assertThat(MODEL.getLayerFeaturesCol()).isEqualTo("layerFeatures");
    assertThat(python)
        .contains("self._setDefault(settings=[])\n        self._transfer_params_from_java()\n");
    assertThat(JAVA.getSettings()).isEmpty();
  }

  @Test
  void takesEveryParamAsAKeyword() {
    List<String> names = Arrays.stream(JAVA.params()).map(Param::name).toList();

    assertThat(arguments("def __init__(", "):\n").keySet())
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(arguments("def setParams(", "):\n")).isEqualTo(arguments("def __init__(", "):\n"));
  }

  private static List<Param<?>> own() {
    CnnParams params = new CnnParams(JAVA);
    return Arrays.stream(CnnParams.class.getDeclaredFields())
        .filter(field -> Param.class.isAssignableFrom(field.getType()))
        .<Param<?>>map(field -> (Param<?>) value(field, params))
        .toList();
  }

  private static List<Param<?>> ofModels() {
    return List.of(MODEL.featuresLayer(), MODEL.layerFeaturesCol());
  }

  private static Object value(Field field, CnnParams params) {
    try {
      return field.get(params);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> arguments(String start, String end) {
    return ARGUMENT
        .matcher(after(start, end))
        .results()
        .collect(
            Collectors.toMap(
                argument -> argument.group(1),
                argument -> argument.group(2),
                (a, b) -> b,
                TreeMap::new));
  }

  private static String after(String start, String end) {
    String tail = python.substring(python.indexOf(start) + start.length());
    return tail.substring(0, tail.indexOf(end));
  }

  /** Literals side by side are one text. */
  private static String text(String literals) {
    return Pattern.compile("\"([^\"]*)\"")
        .matcher(literals)
        .results()
        .map(literal -> literal.group(1))
        .collect(Collectors.joining());
  }

  private static String lower(MatchResult name) {
    String text = name.group(1);
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private static List<String> concat(List<String> names, String... others) {
    return Stream.concat(names.stream(), Stream.of(others)).toList();
  }
}
