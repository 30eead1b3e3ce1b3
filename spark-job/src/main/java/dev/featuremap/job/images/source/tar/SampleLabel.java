package dev.featuremap.job.images.source.tar;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.job.config.DataSettings;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where samples have their labels.
 *
 * @param holder the extension of the file that holds it, or {@value #FOLDER}
 * @param field of a file of JSON, with a dot between the names of nested ones
 */
record SampleLabel(String holder, String field) implements Serializable {
  /** The name of the folder in which a sample lies. */
  private static final String FOLDER = "folder";

  private static final String JSON = "json";
  private static final int LONGEST_LABEL = 1024;
  private static final int LONGEST_JSON = 1 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static SampleLabel of(DataSettings settings) {
    return new SampleLabel(settings.tarLabel().toLowerCase(Locale.ROOT), settings.table().label());
  }

  /** True for the file that holds labels. */
  boolean isHeldBy(String extension) {
    return extension.equals(holder);
  }

  /** How many bytes of such a file are read. */
  int most() {
    return isJson() ? LONGEST_JSON : LONGEST_LABEL;
  }

  private boolean isJson() {
    return holder.equals(JSON) || holder.endsWith("." + JSON);
  }

  /** The label that a file holds; null if it holds none. */
  String in(byte[] content) {
    if (!isJson()) {
      return new String(content, StandardCharsets.UTF_8).strip();
    }
    try {
      JsonNode node = MAPPER.readTree(content);
      JsonNode own = node.get(field);
      if (own == null) {
        own = node;
        for (String name : field.split("\\.", -1)) {
          own = own.path(name);
        }
      }
      return text(own);
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("Bytes in memory cannot fail.", e);
    }
  }

  private static String text(JsonNode node) {
    if (node.isFloatingPointNumber() && node.canConvertToExactIntegral()) {
      return node.bigIntegerValue().toString();
    }
    return node.isTextual() || node.isIntegralNumber() || node.isBoolean() ? node.asText() : null;
  }

  /** The label of a sample of this name, before any of its files is read; null if none is yet. */
  String ofName(String sample) {
    int end = sample.lastIndexOf('/');
    return holder.equals(FOLDER) && end > 0
        ? sample.substring(sample.lastIndexOf('/', end - 1) + 1, end)
        : null;
  }
}
