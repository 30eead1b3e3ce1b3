package dev.featuremap.job.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server on loopback that answers what a run asks a tracking server of MLflow, or that behaves
 * badly. It keeps metrics as they come, so that a duplicate shows.
 */
public final class FakeMlflow implements AutoCloseable {
  private static final String PREFIX = "/api/2.0/mlflow/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How the server behaves. */
  public enum Mood {
    /** As MLflow does. */
    NORMAL,
    /** Answers everything with status 503. */
    REFUSING,
    /** Takes questions and never answers. */
    HANGING,
    /** Creates a run without saying so, and then does as MLflow does. */
    FORGETFUL,
    /** Answers everything with a page of HTML. */
    GARBAGE
  }

  /** A run as the server has it. */
  public static final class StoredRun {
    private final String id;
    private final long startMillis;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> statuses = new ArrayList<>(List.of("RUNNING"));

    private StoredRun(String id, long startMillis) {
      this.id = id;
      this.startMillis = startMillis;
    }

    /** Its parameters by name. */
    public Map<String, String> parameters() {
      return parameters;
    }

    /** Its tags by name. */
    public Map<String, String> tags() {
      return tags;
    }

    /** Every metric it was sent, as in {@code train-loss@2=0.5}, in order. */
    public List<String> metrics() {
      return metrics;
    }

    /** Every status it has had, in order. */
    public List<String> statuses() {
      return statuses;
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<StoredRun> runs = new ArrayList<>();
  private final List<String> experiments = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();
  private final List<String> credentials = new ArrayList<>();
  private volatile Mood mood = Mood.NORMAL;

  private FakeMlflow(HttpServer server) {
    this.server = server;
  }

  /** Starts one on a port that the system picks. */
  public static FakeMlflow start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FakeMlflow fake = new FakeMlflow(HttpServer.create(any, 0));
    fake.server.createContext("/", fake::handle);
    fake.server.setExecutor(fake.threads);
    fake.server.start();
    return fake;
  }

  /** Where it is. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Behaves so from now on. */
  public void mood(Mood now) {
    mood = now;
  }

  /** The runs in the order of their creation. */
  public synchronized List<StoredRun> runs() {
    return List.copyOf(runs);
  }

  /** The only run there is. */
  public synchronized StoredRun run() {
    if (runs.size() != 1) {
      throw new IllegalStateException("Cannot choose a run: expected one, got " + runs.size());
    }
    return runs.get(0);
  }

  /** Names of the experiments. */
  public synchronized List<String> experiments() {
    return List.copyOf(experiments);
  }

  /** What was asked, as in {@code runs/create}, in order. */
  public synchronized List<String> questions() {
    return List.copyOf(questions);
  }

  /** The header {@code Authorization} of each question, or {@code none}. */
  public synchronized List<String> credentials() {
    return List.copyOf(credentials);
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String what = exchange.getRequestURI().getPath().replace(PREFIX, "");
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (this) {
      questions.add(what);
      String header = exchange.getRequestHeaders().getFirst("Authorization");
      credentials.add(header == null ? "none" : header);
    }
    switch (mood) {
      case NORMAL -> answerNormally(exchange, what, body);
      case REFUSING -> answer(exchange, 503, "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\"}");
      case GARBAGE -> answer(exchange, 200, "<html>Please log in.</html>");
      case HANGING -> await();
      case FORGETFUL -> {
        if (what.equals("runs/create")) {
          mood = Mood.NORMAL;
          apply(what, (ObjectNode) JSON.readTree(body), JSON.createObjectNode());
          answer(exchange, 500, "{}");
        } else {
          answerNormally(exchange, what, body);
        }
      }
    }
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answerNormally(HttpExchange exchange, String what, byte[] body) throws IOException {
    ObjectNode asked =
        body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
    for (String pair : String.valueOf(exchange.getRequestURI().getQuery()).split("&", -1)) {
      asked.put(pair.replaceAll("=.*", ""), pair.replaceAll("^[^=]*=", ""));
    }
    ObjectNode found = JSON.createObjectNode();
    String problem = apply(what, asked, found);
    if (problem.isEmpty()) {
      answer(exchange, 200, found.toString());
    } else {
      answer(exchange, 404, JSON.createObjectNode().put("error_code", problem).toString());
    }
  }

  /** Does what is asked and fills the answer; returns an error code, or nothing. */
  private synchronized String apply(String what, ObjectNode asked, ObjectNode answer) {
    switch (what) {
      case "experiments/get-by-name" -> {
        int index = experiments.indexOf(asked.path("experiment_name").asText());
        if (index < 0) {
          return "RESOURCE_DOES_NOT_EXIST";
        }
        answer.putObject("experiment").put("experiment_id", "e" + index);
      }
      case "experiments/create" -> {
        experiments.add(asked.path("name").asText());
        answer.put("experiment_id", "e" + (experiments.size() - 1));
      }
      case "runs/create" -> {
        StoredRun run = new StoredRun("run" + runs.size(), asked.path("start_time").asLong());
        runs.add(run);
        addTo(run.tags, asked.path("tags"));
        answer.putObject("run").putObject("info").put("run_id", run.id);
      }
      case "runs/search" -> search(asked.path("filter").asText(), answer.putArray("runs"));
      case "runs/log-batch" -> logBatch(find(asked), asked);
      case "runs/update" -> find(asked).statuses.add(asked.path("status").asText());
      case "metrics/get-history" -> history(asked, answer.putArray("metrics"));
      default -> {
        return "ENDPOINT_NOT_FOUND";
      }
    }
    return "";
  }

  private StoredRun find(ObjectNode asked) {
    String id = asked.path("run_id").asText();
    return runs.stream().filter(run -> run.id.equals(id)).findFirst().orElseThrow();
  }

  private void search(String filter, ArrayNode found) {
    for (StoredRun run : runs) {
      String key = run.tags.get("featuremap.run-key");
      String byKey = "tags.`featuremap.run-key` = '%s'".formatted(key);
      String byStart = byKey + " and attributes.start_time = " + run.startMillis;
      if (filter.equals(byKey) || filter.equals(byStart)) {
        ObjectNode answer = found.insertObject(0);
        String status = run.statuses.get(run.statuses.size() - 1);
        answer.putObject("info").put("run_id", run.id).put("status", status);
        ObjectNode data = answer.putObject("data");
        put(run.parameters, data.putArray("params"));
        put(run.tags, data.putArray("tags"));
      }
    }
  }

  private static void logBatch(StoredRun run, ObjectNode asked) {
    addTo(run.parameters, asked.path("params"));
    addTo(run.tags, asked.path("tags"));
    for (JsonNode metric : asked.path("metrics")) {
      run.metrics.add(
          "%s@%s=%s"
              .formatted(
                  metric.path("key").asText(),
                  metric.path("step").asInt(),
                  metric.path("value").asDouble()));
    }
  }

  private void history(ObjectNode asked, ArrayNode found) {
    String start = asked.path("metric_key").asText() + "@";
    for (String metric : find(asked).metrics) {
      if (metric.startsWith(start)) {
        found.addObject().put("step", Integer.parseInt(metric.replaceAll(".*@|=.*", "")));
      }
    }
  }

  private static void addTo(Map<String, String> values, JsonNode entries) {
    entries.forEach(entry -> values.put(entry.path("key").asText(), entry.path("value").asText()));
  }

  private static void put(Map<String, String> values, ArrayNode entries) {
    values.forEach((key, value) -> entries.addObject().put("key", key).put("value", value));
  }

  private static void answer(HttpExchange exchange, int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // As it is asked to, and as servers other than the JDK's say by themselves.
    exchange.getResponseHeaders().set("Connection", "close");
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
