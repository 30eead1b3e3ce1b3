package dev.featuremap.job.watch.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts data, styles and scripts into the page. */
public final class RunPage {
  /** Charts by uPlot (MIT licence). */
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z.]+)}}");

  private RunPage() {}

  /** The page of {@code data}. */
  public static String html(PageData data) {
    Map<String, String> parts = new HashMap<>();
    parts.put("title", escaped(data.title()));
    parts.put("uplot.css", resource(UPLOT + "uPlot.min.css"));
    parts.put("report.css", resource("report.css"));
    parts.put("uplot.js", resource(UPLOT + "uPlot.iife.min.js"));
    parts.put("report.js", resource("report.js"));
    // A script's text ends at the first "</script", wherever it stands.
    parts.put("data", data.json().replace("<", "\\u003c"));
    return filled(resource("report.html"), parts);
  }

  /** One pass over the template, so that nothing in a part is taken for the place of another. */
  private static String filled(String template, Map<String, String> parts) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> Matcher.quoteReplacement(parts.get(place.group(1)).strip()));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String resource(String name) {
    try (InputStream in = RunPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
