package dev.featuremap.job.watch.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts data, styles and scripts into the page. */
public final class RunPage {
  /** Charts by uPlot (MIT licence). */
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private RunPage() {}

  /** The page of {@code data}. */
  public static String html(PageData data) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", escaped(data.title()));
    parts.put("uplot.css", resource(UPLOT + "uPlot.min.css"));
    parts.put("report.css", resource("report.css"));
    parts.put("uplot.js", resource(UPLOT + "uPlot.iife.min.js"));
    parts.put("report.js", resource("report.js"));
    // Last, since nothing in it may be taken for a place of another part. A script's text ends at
    // the first "</script", wherever it stands.
    parts.put("data", data.json().replace("<", "\\u003c"));
    String page = resource("report.html");
    for (Map.Entry<String, String> part : parts.entrySet()) {
      page = page.replace("{{" + part.getKey() + "}}", part.getValue().strip());
    }
    return page;
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
