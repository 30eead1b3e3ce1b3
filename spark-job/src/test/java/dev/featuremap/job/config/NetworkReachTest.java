package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.record.RunId;
import dev.featuremap.spec.SpecException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkReachTest {
  private static final String NETWORK =
      "input.shape = [1, 28, 28], layers = [{ type = fully-connected, outputs = 10 }]";
  private static final String SECRET = "DB_PASSWORD = canary, input.shape = [1, 28, 28]\n";

  @TempDir private Path directory;
  private Path mine;
  private Path elsewhere;

  @BeforeEach
  void writeFiles() throws IOException {
    mine = Files.createDirectory(directory.resolve("mine"));
    elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(mine.resolve("base.conf"), NETWORK);
    Files.writeString(Files.createDirectory(mine.resolve("below")).resolve("b.conf"), NETWORK);
    Files.writeString(elsewhere.resolve("secret.conf"), SECRET);
    Files.writeString(directory.resolve("secret.conf"), SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base.conf", "./base.conf", "below/b.conf", "below/../base.conf"})
  void holdsFilesBesideTheNetworkFileAndBelow(String base) throws IOException {
    assertThat(load(file("base = \"" + base + "\"")).network().layers()).hasSize(1);
  }

  @Test
  void holdsThemByTheirUris() throws IOException {
    String uri = mine.resolve("base.conf").toUri().toString();

    assertThat(load(file("base = \"" + uri + "\"")).network().layers()).hasSize(1);
    assertThat(load(file("base = \"" + mine.resolve("base.conf") + "\"")).network().layers())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret.conf",
        "../elsewhere/secret.conf",
        "below/../../secret.conf",
        "DIRECTORY/secret.conf",
        "DIRECTORY/mine/../secret.conf",
        "DIRECTORY/mine-not/x.conf",
        "file:DIRECTORY/elsewhere/secret.conf",
        "file:///etc/passwd",
        "/proc/self/environ",
        "hdfs://host/x.conf",
        "s3a://bucket/x.conf",
        "http://127.0.0.1:9/x.conf",
        "https://127.0.0.1:9/x.conf",
        "ftp://127.0.0.1:9/x.conf",
        "jar:file:DIRECTORY/x.jar!/x.conf",
        "link.conf",
        "out/secret.conf",
      })
  void endsThere(String base) throws IOException {
    Files.createSymbolicLink(mine.resolve("link.conf"), elsewhere.resolve("secret.conf"));
    Files.createSymbolicLink(mine.resolve("out"), elsewhere);
    String text =
        "base = \"%s\", layers = [{ type = fully-connected, outputs = ${DB_PASSWORD} }]"
            .formatted(base.replace("DIRECTORY", directory.toString()));

    assertThatThrownBy(() -> load(file(text)))
        .isInstanceOfAny(SpecException.class, JobException.class)
        .hasMessageStartingWith("Cannot use network.base")
        .hasMessageNotContainingAny("canary", "passwd", "environ");
  }

  @Test
  void saysWhatMayBeNamedInstead() throws IOException {
    String file = file("\nbase = \"../secret.conf\"");

    assertThatThrownBy(() -> load(file))
        .hasMessage(
            "Cannot use network.base in %s line 2: a network file may name files in its own directory and below, and no others. Name it on the command line, as --set network=URI or --set network.base=URI."
                .formatted(file));
  }

  @Test
  void countsForTheBaseOfABase() throws IOException {
    Files.writeString(mine.resolve("base.conf"), "base = \"../secret.conf\"");

    assertThatThrownBy(() -> load(file("base = base.conf")))
        .hasMessageStartingWith("Cannot use network.base.base in file:");
  }

  @Test
  void sendsNothingToTheWeb() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String uri = "http://127.0.0.1:%s/x.conf".formatted(server.getAddress().getPort());
      Path settings =
          Files.writeString(directory.resolve("s.conf"), "network.base = \"" + uri + "\"");

      assertThatThrownBy(() -> load(file("base = \"" + uri + "\"")))
          .hasMessageStartingWith("Cannot use network.base in ");
      assertThatThrownBy(
              () -> loader().load(ConfigRequest.defaults().withFile(settings.toString())))
          .hasMessageContaining("a file of settings names no address of the web.");
      assertThatThrownBy(() -> loader().stored("network = \"" + uri + "\"", "config.conf"))
          .hasMessageContaining("a file of settings names no address of the web.");
      assertThatThrownBy(() -> load(file("include url(\"" + uri + "\")")))
          .hasMessageContaining("is not supported.");
    } finally {
      server.stop(0);
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void isAnythingForTheCommandLine() throws IOException {
    String other = Files.writeString(elsewhere.resolve("net.conf"), NETWORK).toString();

    assertThat(load(other).network().layers()).hasSize(1);
    assertThat(
            loader()
                .load(ConfigRequest.defaults().withAssignments("network.base=" + other))
                .network()
                .layers())
        .hasSize(1);
    assertThat(
            loader()
                .load(
                    ConfigRequest.defaults()
                        .withAssignments("network={ base = \"" + other + "\" }"))
                .network()
                .layers())
        .hasSize(1);
  }

  @Test
  void letsSettingsNameFiles() throws IOException {
    Path settings =
        Files.writeString(
            elsewhere.resolve("s.conf"), "network = \"" + mine.resolve("base.conf") + "\"");

    assertThat(
            loader()
                .load(ConfigRequest.defaults().withFile(settings.toString()))
                .network()
                .layers())
        .hasSize(1);
  }

  @Test
  void keepsWhatAFileHoldsThatIsNoNetwork() throws IOException {
    Path secret = Files.writeString(mine.resolve("env.conf"), "PASSWORD = ] canary");

    assertThatThrownBy(() -> load(file("base = env.conf")))
        .hasMessage("Cannot parse file:%s line 1: it is not HOCON.".formatted(secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"${x}", "${?x}", "${x}.conf", "\"a/\"${x}", "[${x}]"})
  void refusesABaseThatIsASubstitution(String base) throws IOException {
    String file = file("x = resnet-8\nbase = " + base);

    assertThatThrownBy(() -> load(file))
        .hasMessage(
            "Cannot use network.base in %s line 2: expected the name or the URI of a network, and no substitution."
                .formatted(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"${HOME}", "${DB_PASSWORD}", "${user.home}"})
  void readsNoEnvironmentInNetworks(String name) throws IOException {
    String file = file("input.shape = [1, 28, 28]\nlayers = " + name);

    assertThatThrownBy(() -> load(file))
        .hasMessageStartingWith("Cannot parse %s line 2:".formatted(file));
  }

  @Test
  void namesTheFileOfABomb() throws IOException {
    StringBuilder bomb = new StringBuilder("a0 = [x]\n");
    for (int k = 0; k < 60; k++) {
      bomb.append("a%s = ${a%s} ${a%s}\n".formatted(k + 1, k, k));
    }
    String doubling = file(bomb.toString());
    assertThatThrownBy(() -> load(doubling))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Cannot parse %s line ".formatted(doubling))
        .hasMessageContaining(": its substitutions make more than ");
    String deep = file("layers = " + "[".repeat(5000) + "]".repeat(5000));
    assertThatThrownBy(() -> load(deep))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot parse %s: it has more than 100 levels of braces, brackets and parts of keys.",
            deep);
    Path settings = Path.of(URI.create(deep));
    assertThatThrownBy(() -> loader().load(ConfigRequest.defaults().withFile(settings.toString())))
        .hasMessageStartingWith("Cannot parse %s: it has more than 100 levels", settings);
  }

  private static JobConfig load(String network) {
    return loader().load(ConfigRequest.defaults().withAssignments("network=" + network));
  }

  private static JobConfigLoader loader() {
    return new JobConfigLoader(new Configuration(), () -> RunId.of("fresh"));
  }

  /** A network file, as messages name it. */
  private String file(String text) throws IOException {
    return "file:" + Files.writeString(mine.resolve("my.conf"), text);
  }
}
