package dev.featuremap.job.images.source.table;

import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.job.images.source.PassedOver;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;

/**
 * The sets of one table, of which a column says for each row in which set it is.
 *
 * <p>The records of a set have the ids that they would have if its rows were a table of their own.
 */
public final class TableSplits {
  private static final String KEY = "data.table.split";

  /** Values in no set that are shown; of more, the first in their order. */
  private static final int SHOWN = 5;

  /** A set, and the words for it, whatever their case. */
  private enum Part {
    TRAIN("train training"),
    VALIDATION("validation valid val dev"),
    TEST("test testing");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    List<String> words() {
      return List.of(words.split(" ", -1));
    }

    String text() {
      return words().get(0);
    }
  }

  private final OpenTable table;
  private final SqlColumn split;
  private final Map<Part, Long> rows = new EnumMap<>(Part.class);

  private TableSplits(OpenTable table, SqlColumn split) {
    this.table = table;
    this.split = split;
    for (Row count : table.rows().groupBy(part()).count().collectAsList()) {
      if (!count.isNullAt(0)) {
        rows.put(Part.valueOf(count.getString(0)), count.getLong(1));
      }
    }
  }

  /**
   * The sets of a table by {@code data.table.split}.
   *
   * @throws JobException with {@code USAGE} if there is no such column, if it is no text, or if
   *     validation images are also asked for otherwise; with {@code MISSING_INPUT} if it names no
   *     rows to train on, or none to test on
   */
  public static TableSplits of(OpenTable table) {
    SqlColumn split =
        SqlColumn.of(
            table.name(), table.rows(), KEY, table.settings().table().split().orElseThrow());
    if (!(split.type() instanceof StringType)) {
      throw JobException.usage(
          "Cannot read %s: column %s (%s) must be a text such as train or test, got %s. Make one of it by an expression, such as \"CASE WHEN %s THEN 'test' ELSE 'train' END\"."
              .formatted(
                  table.name(), split.name(), KEY, split.type().simpleString(), split.name()));
    }
    TableSplits splits = new TableSplits(table, split);
    splits.requireRows("train on", Part.TRAIN);
    splits.requireRows("test on", Part.TEST, Part.VALIDATION);
    if (splits.hasBoth() && table.settings().validationFraction() > 0) {
      throw JobException.usage(
          "Cannot use data.validation-fraction with %s: its column %s (%s) names validation images. Leave data.validation-fraction out."
              .formatted(table.name(), split.name(), KEY));
    }
    return splits;
  }

  /** What is trained on. */
  public ImageSource train() {
    return source(Part.TRAIN);
  }

  /** What the best epoch is chosen by, if that is not what is tested on. */
  public Optional<ImageSource> validation() {
    return takesValidation() ? Optional.of(source(Part.VALIDATION)) : Optional.empty();
  }

  /** What is tested on: without test images, the validation images. */
  public ImageSource test() {
    return source(rows.containsKey(Part.TEST) ? Part.TEST : Part.VALIDATION);
  }

  /** The values whose rows are in no set, and how many each has. */
  public PassedOver beside() {
    List<String> names = new ArrayList<>();
    if (hasBoth() && !takesValidation()) {
      names.add(named(Part.VALIDATION.text(), rows.get(Part.VALIDATION)));
    }
    int ofSets = names.size();
    Column value = split.column().as("value");
    var others = table.rows().where(part().isNull()).groupBy(value).count();
    others
        .orderBy("value")
        .limit(SHOWN)
        .collectAsList()
        .forEach(
            row -> names.add(named(row.isNullAt(0) ? null : row.getString(0), row.getLong(1))));
    return PassedOver.of(others.count() + ofSets, names);
  }

  private boolean hasBoth() {
    return rows.containsKey(Part.VALIDATION) && rows.containsKey(Part.TEST);
  }

  private boolean takesValidation() {
    return hasBoth()
        && !table.settings().validation().equals(Optional.of(DataSettings.NO_VALIDATION));
  }

  private ImageSource source(Part part) {
    return new TableSource(table.where(part.text(), part().equalTo(part.name())));
  }

  /** The name of a row's part; null where it is in none. */
  private Column part() {
    Column value = functions.lower(functions.trim(split.column()));
    Column part = functions.lit(null).cast("string");
    for (Part one : Part.values()) {
      part = functions.when(value.isin(one.words().toArray()), one.name()).otherwise(part);
    }
    return part;
  }

  private void requireRows(String what, Part... anyOf) {
    List<Part> parts = List.of(anyOf);
    if (parts.stream().noneMatch(rows::containsKey)) {
      String words =
          parts.stream().flatMap(part -> part.words().stream()).collect(Collectors.joining(", "));
      throw JobException.missingInput(
          "Cannot find images to %s in %s: column %s (%s) must have one of %s, got %s."
              .formatted(what, table.name(), split.name(), KEY, words, values()),
          null);
    }
  }

  private String values() {
    List<String> sets =
        rows.entrySet().stream().map(set -> named(set.getKey().text(), set.getValue())).toList();
    String others = beside().toString();
    String found = String.join(", ", sets) + (sets.isEmpty() || others.isEmpty() ? "" : ", ");
    return found.isEmpty() && others.isEmpty() ? "no rows" : found + others;
  }

  private static String named(String value, long rows) {
    String count = String.format(Locale.ROOT, rows == 1 ? "%,d row" : "%,d rows", rows);
    return "%s (%s)".formatted(value == null ? "null" : value, count);
  }
}
