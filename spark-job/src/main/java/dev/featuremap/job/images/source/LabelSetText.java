package dev.featuremap.job.images.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The labels of an image that may have several, as one text: an array of JSON, as Spark writes it.
 */
public final class LabelSetText {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LabelSetText() {}

  /** The text of some labels, whatever their order and however often each is named. */
  public static String of(Collection<String> labels) {
    try {
      return MAPPER.writeValueAsString(new TreeSet<>(labels));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts can be written as JSON.", e);
    }
  }

  /** The labels of a text. */
  static List<String> read(String text) {
    try {
      return MAPPER.readValue(text, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("No array of texts: " + text, e);
    }
  }
}
