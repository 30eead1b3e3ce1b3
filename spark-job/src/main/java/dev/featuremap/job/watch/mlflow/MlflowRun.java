package dev.featuremap.job.watch.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run at the server. Each delivery sends what the server lacks of a snapshot; one that fails in
 * between leaves the rest to the next.
 */
final class MlflowRun implements Sender.Delivery<RunSnapshot> {
  /** The tag by which a run is found again. */
  static final String KEY_TAG = "featuremap.run-key";

  private static final String NOTE_TAG = "mlflow.note.content";

  /** A metric that every epoch has, since a loss that is not finite ends a run. */
  private static final String IN_EVERY_EPOCH = "train-loss";

  // Limits of the interface, by its documentation.
  private static final int MOST_METRICS = 1000;
  private static final int MOST_PARAMETERS = 100;
  private static final int LONGEST_KEY = 250;
  private static final int LONGEST_PARAMETER = 500;
  private static final int LONGEST_TAG = 5000;

  private final MlflowServer server;
  private final String experiment;
  private final Set<String> sentParameters = new HashSet<>();
  private final Map<String, String> sentTags = new HashMap<>();
  private final Set<Integer> sentEpochs = new HashSet<>();
  private String runId = "";
  private boolean created;
  private String status = "RUNNING";

  MlflowRun(MlflowServer server, String experiment) {
    this.server = server;
    this.experiment = experiment;
  }

  @Override
  public void deliver(RunSnapshot run) throws IOException {
    if (runId.isEmpty()) {
      open(run);
    }
    sendParameters(run);
    sendTags(run);
    sendEpochs(run);
    sendStatus(run);
  }

  @Override
  public void abandon() {
    server.abandon();
  }

  /** Finds the run, or creates it; one that is new is looked for once its creation got lost. */
  private void open(RunSnapshot run) throws IOException {
    String experimentId = experimentId();
    String filter = "tags.`%s` = '%s'".formatted(KEY_TAG, run.key());
    if (run.isNew()) {
      // A run of the same directory, which was deleted since, is another one.
      filter += " and attributes.start_time = " + run.started().toEpochMilli();
    }
    if ((run.isNew() && !created) || !find(filter, experimentId)) {
      created = true;
      create(run, experimentId);
    }
  }

  private String experimentId() throws IOException {
    try {
      String question = "experiments/get-by-name?experiment_name=" + encoded(experiment);
      return text(server.get(question), "/experiment/experiment_id");
    } catch (MlflowException e) {
      if (!e.isAbsence()) {
        throw e;
      }
    }
    ObjectNode body = MlflowServer.object().put("name", experiment);
    return text(server.post("experiments/create", body), "/experiment_id");
  }

  private void create(RunSnapshot run, String experimentId) throws IOException {
    ObjectNode body = MlflowServer.object();
    body.put("experiment_id", experimentId).put("run_name", run.name());
    body.put("start_time", run.started().toEpochMilli());
    tag(body.putArray("tags"), KEY_TAG, run.key());
    runId = text(server.post("runs/create", body), "/run/info/run_id");
  }

  private boolean find(String filter, String experimentId) throws IOException {
    ObjectNode body = MlflowServer.object();
    body.putArray("experiment_ids").add(experimentId);
    body.put("filter", filter);
    body.put("max_results", 1).putArray("order_by").add("attributes.start_time DESC");
    JsonNode found = server.post("runs/search", body).at("/runs/0");
    if (found.isMissingNode()) {
      return false;
    }
    String id = text(found, "/info/run_id");
    findEpochs(id);
    found.at("/data/params").forEach(entry -> sentParameters.add(entry.path("key").asText()));
    found
        .at("/data/tags")
        .forEach(entry -> sentTags.put(entry.path("key").asText(), entry.path("value").asText()));
    status = found.at("/info/status").asText();
    runId = id;
    return true;
  }

  private void findEpochs(String id) throws IOException {
    String question =
        "metrics/get-history?metric_key=%s&run_id=%s".formatted(IN_EVERY_EPOCH, encoded(id));
    String page = "";
    do {
      ObjectNode answer = server.get(question + page);
      answer.path("metrics").forEach(metric -> sentEpochs.add(metric.path("step").asInt()));
      String next = answer.path("next_page_token").asText();
      page = next.isEmpty() ? "" : "&page_token=" + encoded(next);
    } while (!page.isEmpty());
  }

  /** Parameters never change at a server, so a resumed run keeps those it was created with. */
  private void sendParameters(RunSnapshot run) throws IOException {
    Map<String, String> missing = new HashMap<>();
    run.parameters().forEach((name, value) -> missing.put(parameterName(name), value));
    missing.keySet().removeAll(sentParameters);
    List<String> names = missing.keySet().stream().sorted().toList();
    for (int from = 0; from < names.size(); from += MOST_PARAMETERS) {
      List<String> some = names.subList(from, Math.min(from + MOST_PARAMETERS, names.size()));
      ObjectNode body = MlflowServer.object().put("run_id", runId);
      ArrayNode array = body.putArray("params");
      some.forEach(name -> tag(array, name, cut(missing.get(name), LONGEST_PARAMETER)));
      server.post("runs/log-batch", body);
      sentParameters.addAll(some);
    }
  }

  /** Brackets, as in {@code layers[0]}, are no part of names there. */
  private static String parameterName(String name) {
    return cut(name.replace("[", ".").replaceAll("[^\\w./ :-]", ""), LONGEST_KEY);
  }

  private void sendTags(RunSnapshot run) throws IOException {
    Map<String, String> missing = new HashMap<>(run.tags());
    missing.put(NOTE_TAG, run.note());
    missing.replaceAll((name, value) -> cut(value, LONGEST_TAG));
    missing.entrySet().removeAll(sentTags.entrySet());
    if (!missing.isEmpty()) {
      ObjectNode body = MlflowServer.object().put("run_id", runId);
      ArrayNode array = body.putArray("tags");
      missing.forEach((name, value) -> tag(array, name, value));
      server.post("runs/log-batch", body);
      sentTags.putAll(missing);
    }
  }

  private void sendEpochs(RunSnapshot run) throws IOException {
    List<RunSnapshot.Epoch> batch = new ArrayList<>();
    int metrics = 0;
    for (RunSnapshot.Epoch epoch : run.epochs()) {
      if (sentEpochs.contains(epoch.metrics().epoch())) {
        continue;
      }
      int more = epoch.metrics().values().size();
      if (metrics + more > MOST_METRICS) {
        sendBatch(batch);
        batch.clear();
        metrics = 0;
      }
      batch.add(epoch);
      metrics += more;
    }
    if (!batch.isEmpty()) {
      sendBatch(batch);
    }
  }

  private void sendBatch(List<RunSnapshot.Epoch> epochs) throws IOException {
    ObjectNode body = MlflowServer.object().put("run_id", runId);
    ArrayNode array = body.putArray("metrics");
    for (RunSnapshot.Epoch epoch : epochs) {
      epoch
          .metrics()
          .values()
          .forEach(
              (name, value) -> {
                if (Double.isFinite(value)) {
                  array
                      .addObject()
                      .put("key", name)
                      .put("value", value)
                      .put("timestamp", epoch.time().toEpochMilli())
                      .put("step", epoch.metrics().epoch());
                }
              });
    }
    server.post("runs/log-batch", body);
    epochs.forEach(epoch -> sentEpochs.add(epoch.metrics().epoch()));
  }

  private void sendStatus(RunSnapshot run) throws IOException {
    String now = run.end().map(RunSnapshot.End::status).orElse("RUNNING");
    if (!now.equals(status)) {
      ObjectNode body = MlflowServer.object().put("run_id", runId).put("status", now);
      run.end().ifPresent(end -> body.put("end_time", end.time().toEpochMilli()));
      server.post("runs/update", body);
      status = now;
    }
  }

  private static void tag(ArrayNode array, String name, String value) {
    array.addObject().put("key", name).put("value", value);
  }

  private static String text(JsonNode answer, String place) throws IOException {
    String text = answer.at(place).asText();
    if (text.isEmpty()) {
      throw new IOException("an answer has no %s".formatted(place));
    }
    return text;
  }

  private static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
