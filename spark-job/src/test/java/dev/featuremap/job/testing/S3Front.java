package dev.featuremap.job.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A front of an {@link S3Server} that answers a share of the requests with 503 Slow Down and hands
 * the others on. It needs {@code -Djdk.httpclient.allowRestrictedHeaders=host}, since signatures
 * hold the host that the client sees.
 */
public final class S3Front implements AutoCloseable {
  private static final String BUSY =
      "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

  /** What a client of the JDK sets itself. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI behind;
  private final Random random;
  private final AtomicLong refused = new AtomicLong();
  private volatile double share;

  private S3Front(HttpServer server, URI behind, Random random) {
    this.server = server;
    this.behind = behind;
    this.random = random;
  }

  /**
   * Starts one that refuses nothing.
   *
   * @param endpoint of the server behind it
   */
  public static S3Front start(URI endpoint, Random random) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    S3Front front = new S3Front(server, endpoint, random);
    server.createContext("/", front::answer);
    server.setExecutor(front.threads);
    server.start();
    return front;
  }

  /** Refuses this share of the requests from now on. */
  public void refuse(double newShare) {
    share = newShare;
  }

  /** How many requests it has refused. */
  public long refused() {
    return refused.get();
  }

  /** A configuration of the server's clients, turned to this front. */
  public Map<String, String> configuration(Map<String, String> hadoop) {
    Map<String, String> turned = new HashMap<>(hadoop);
    turned.put("fs.s3a.endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
    return turned;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (nextIsRefused()) {
        refused.incrementAndGet();
        byte[] busy = BUSY.getBytes(StandardCharsets.UTF_8);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(503, head ? -1 : busy.length);
        if (!head) {
          exchange.getResponseBody().write(busy);
        }
        return;
      }
      handOn(exchange, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean nextIsRefused() {
    return random.nextDouble() < share;
  }

  private void handOn(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name)) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      response
          .headers()
          .firstValue("content-length")
          .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
    }
    byte[] content = response.body();
    exchange.sendResponseHeaders(
        response.statusCode(), head || content.length == 0 ? -1 : content.length);
    if (!head && content.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(content);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
