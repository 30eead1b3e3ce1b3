package dev.featuremap.job.images.source.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.config.DataSettings;
import dev.featuremap.job.failure.SparkFailure;
import dev.featuremap.job.path.FileSystems;
import dev.featuremap.job.path.PathText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The note in Parquet files by which Hugging Face's {@code datasets} knows images and the names of
 * labels.
 */
public final class HuggingFace {
  /** Its key in a file's metadata. */
  public static final String KEY = "huggingface";

  private static final ObjectMapper JSON = new ObjectMapper();

  private HuggingFace() {}

  /**
   * The note of a file with columns for the image, its label and its id.
   *
   * @param labels names in order; empty where labels are plain numbers
   */
  public static String note(List<String> labels) {
    ObjectNode features = JSON.createObjectNode();
    features.putObject("image").put("_type", "Image");
    ObjectNode label = features.putObject("label");
    if (labels.isEmpty()) {
      label.put("dtype", "int64").put("_type", "Value");
    } else {
      labels.forEach(label.putArray("names")::add);
      label.put("_type", "ClassLabel");
    }
    features.putObject("id").put("dtype", "int64").put("_type", "Value");
    ObjectNode note = JSON.createObjectNode();
    note.putObject("info").set("features", features);
    return note.toString();
  }

  /** The names that the first file of a table gives to the numbers of a column; empty if none. */
  static List<String> labels(Dataset<Row> table, DataSettings.Table settings, String column) {
    String[] files = settings.format().equals("parquet") ? table.inputFiles() : new String[0];
    if (files.length == 0) {
      return List.of();
    }
    Path path = PathText.ofEncoded(files[0]);
    Configuration hadoop = FileSystems.exact(table.sparkSession().sessionState().newHadoopConf());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      return names(reader.getFooter().getFileMetaData().getKeyValueMetaData().get(KEY), column);
    } catch (IOException | RuntimeException e) {
      // A file that is none of Parquet is no IOException to its library.
      throw SparkFailure.unreadable(path, e);
    }
  }

  /** A note that is none of ours to understand names nothing. */
  private static List<String> names(String note, String column) {
    List<String> names = new ArrayList<>();
    try {
      JsonNode features = JSON.readTree(note == null ? "{}" : note).path("info").path("features");
      features.path(column).path("names").forEach(name -> names.add(name.asText()));
    } catch (JsonProcessingException e) {
      return List.of();
    }
    return names;
  }
}
