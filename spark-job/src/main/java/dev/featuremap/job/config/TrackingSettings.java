package dev.featuremap.job.config;

import dev.featuremap.spec.Options;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Who is told of a run besides its own files. None of it is part of a run's fingerprint.
 *
 * @param tensorboard whether event files are written
 * @param mlflow the tracking server, if one is told
 */
public record TrackingSettings(boolean tensorboard, Optional<Mlflow> mlflow) {
  static final String URI_KEY = "tracking.mlflow.uri";

  /**
   * A tracking server of MLflow.
   *
   * @param uri where its pages are: http or https, without credentials, query and closing slash
   * @param experiment the name under which runs are listed there
   */
  public record Mlflow(URI uri, String experiment) {}

  static TrackingSettings read(Options section) {
    boolean tensorboard = section.flag("tensorboard");
    Options mlflow = section.section("mlflow");
    Optional<String> given = mlflow.optionalText("uri");
    String experiment = mlflow.text("experiment");
    return new TrackingSettings(
        tensorboard,
        given.flatMap(text -> uri(text, mlflow)).map(uri -> new Mlflow(uri, experiment)));
  }

  private static Optional<URI> uri(String text, Options section) {
    Optional<String> secret = UriSecrets.problem(URI_KEY, text);
    if (secret.isPresent()) {
      section.problem(secret.get());
      return Optional.empty();
    }
    try {
      URI uri = new URI(text.replaceAll("/+$", ""));
      if (isServer(uri)) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // The message below names what is expected.
    }
    section.problem(
        "Cannot use %s: expected the http or https URI of a tracking server, such as http://mlflow:5000, got \"%s\"."
            .formatted(URI_KEY, text.replaceAll("[?#;&].*", "?...")));
    return Optional.empty();
  }

  private static boolean isServer(URI uri) {
    return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null
        && uri.getQuery() == null
        && uri.getFragment() == null;
  }
}
