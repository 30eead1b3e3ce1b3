package dev.featuremap.job.watch.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featuremap.job.record.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks a tracking server, one question at a time and for a bounded time.
 *
 * <p>By the JDK's older client: with a connection for each question, which the server closes, it
 * has no thread of its own, where {@code java.net.http} of JDK 17 has one that nothing but a
 * garbage collection ends.
 */
final class MlflowServer {
  private static final String PREFIX = "/api/2.0/mlflow/";

  /** No answer to the few things that are asked here is larger. */
  private static final int LARGEST_ANSWER = 1 << 26;

  private static final int LONGEST_MESSAGE = 200;

  private final URI uri;
  private final Credentials credentials;
  private final Duration connectLimit;
  private final Duration answerLimit;
  private volatile HttpURLConnection waiting;
  private volatile boolean abandoned;

  MlflowServer(URI uri, Credentials credentials, Duration connectLimit, Duration answerLimit) {
    this.uri = uri;
    this.credentials = credentials;
    this.connectLimit = connectLimit;
    this.answerLimit = answerLimit;
  }

  static ObjectNode object() {
    return Json.object();
  }

  /**
   * Sends a question with a body, such as {@code runs/create}.
   *
   * @throws MlflowException if the server refuses
   * @throws IOException if it does not answer, or not with JSON
   */
  ObjectNode post(String what, ObjectNode body) throws IOException {
    return ask("POST", what, Optional.of(body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends a question without a body, such as {@code metrics/get-history?run_id=1}. */
  ObjectNode get(String what) throws IOException {
    return ask("GET", what, Optional.empty());
  }

  /** Ends a question that waits for its answer, and fails those to come; for another thread. */
  void abandon() {
    abandoned = true;
    HttpURLConnection hanging = waiting;
    if (hanging != null) {
      hanging.disconnect();
    }
  }

  private ObjectNode ask(String method, String what, Optional<byte[]> body) throws IOException {
    String question = "%s %s%s".formatted(method, PREFIX, what.replaceAll("\\?.*", ""));
    long deadline = System.nanoTime() + answerLimit.toNanos();
    HttpURLConnection connection = open(method, what);
    int status;
    try {
      if (body.isPresent()) {
        send(connection, body.get());
      }
      waiting = connection;
      if (abandoned) {
        throw new IOException("the run has ended");
      }
      status = connection.getResponseCode();
    } finally {
      // An answer that has begun is left to its limit: closing it would wait for its reader.
      waiting = null;
    }
    return read(connection, status, question, deadline);
  }

  private HttpURLConnection open(String method, String what) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(uri + PREFIX + what).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) connectLimit.toMillis());
    connection.setReadTimeout((int) answerLimit.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    // A connection that is kept for the next question has a thread that watches it.
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("Accept", "application/json");
    credentials.header().ifPresent(value -> connection.setRequestProperty("Authorization", value));
    return connection;
  }

  private static void send(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
    // Of a known length it is sent once; otherwise the client would repeat a POST by itself.
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
  }

  private ObjectNode read(HttpURLConnection connection, int status, String question, long deadline)
      throws IOException {
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] answer = in == null ? new byte[0] : readUntil(in, deadline, question);
      Optional<ObjectNode> json = parse(answer);
      if (status != HttpURLConnection.HTTP_OK) {
        String code = json.map(object -> object.path("error_code").asText()).orElse("");
        String said = json.map(object -> object.path("message").asText()).orElse("");
        throw new MlflowException(refusal(question, status, code, said), code);
      }
      return json.orElseThrow(
          () -> new IOException("%s was answered with no JSON object".formatted(question)));
    }
  }

  private static byte[] readUntil(InputStream in, long deadline, String question)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 13];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      answer.write(buffer, 0, read);
      if (answer.size() > LARGEST_ANSWER || System.nanoTime() > deadline) {
        throw new IOException("the answer to %s does not end".formatted(question));
      }
    }
    return answer.toByteArray();
  }

  private static Optional<ObjectNode> parse(byte[] answer) throws IOException {
    try {
      return Json.foreign(answer) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String refusal(String question, int status, String code, String said) {
    String line = said.replaceAll("\\p{Cntrl}+", " ");
    String shown =
        line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "..." : line;
    return String.format(
            Locale.ROOT, "%s was answered with status %d %s %s", question, status, code, shown)
        .strip();
  }
}
