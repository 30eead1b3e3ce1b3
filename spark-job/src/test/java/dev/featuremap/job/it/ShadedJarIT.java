package dev.featuremap.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.testing.SubmittedJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is in the jar that users submit. */
class ShadedJarIT {
  private static final Path CONF = Path.of("..", "conf");
  private static final String BUNDLED_CONF = "dev/featuremap/conf/";

  private static JarFile jar;
  private static List<String> files;

  @BeforeAll
  static void openJar() throws IOException {
    jar = new JarFile(SubmittedJob.applicationJar().toFile());
    files = jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
  }

  @AfterAll
  static void closeJar() throws IOException {
    jar.close();
  }

  @Test
  void hasNoClassOutsideItsOwnPackages() {
    assertThat(files)
        .filteredOn(name -> name.endsWith(".class"))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("dev/featuremap/"));
  }

  @Test
  void bringsNothingThatSparkHas() {
    assertThat(files)
        .noneMatch(
            name ->
                name.startsWith("org/apache/")
                    || name.startsWith("com/fasterxml/")
                    || name.startsWith("log4j2"));
  }

  @Test
  void namesNoServicesButThoseOfSparkMl() {
    assertThat(files)
        .filteredOn(name -> name.startsWith("META-INF/services/"))
        .containsExactlyInAnyOrder(
            "META-INF/services/org.apache.spark.ml.Estimator",
            "META-INF/services/org.apache.spark.ml.Transformer");
  }

  @Test
  void bringsTheModuleForPython() {
    assertThat(files)
        .filteredOn(name -> name.endsWith(".py"))
        .containsExactlyInAnyOrder("featuremap/__init__.py", "featuremap/ml.py");
  }

  @Test
  void relocatesTheLibrariesItBrings() {
    assertThat(files)
        .contains(
            "dev/featuremap/shaded/config/Config.class",
            "dev/featuremap/shaded/onnx/OnnxMl.class",
            "dev/featuremap/shaded/protobuf/MessageLite.class",
            "dev/featuremap/shaded/picocli/CommandLine.class",
            "dev/featuremap/shaded/twelvemonkeys/imageio/plugins/jpeg/JPEGImageReader.class");
  }

  @Test
  void namesItsMainClass() throws IOException {
    Attributes manifest = jar.getManifest().getMainAttributes();

    assertThat(manifest.getValue(Attributes.Name.MAIN_CLASS))
        .isEqualTo("dev.featuremap.job.cli.Featuremap");
    assertThat(files).contains("dev/featuremap/job/cli/Featuremap.class");
  }

  @Test
  void bundlesTheDefaultsAndNetworksThatUsersRead() throws IOException {
    assertBundled(CONF.resolve("train.conf"));
    try (Stream<Path> networks = Files.list(CONF.resolve("networks"))) {
      for (Path network : networks.toList()) {
        assertBundled(network);
      }
    }
  }

  @Test
  void hasEachFileOnce() {
    assertThat(files).doesNotHaveDuplicates();
  }

  private static void assertBundled(Path file) throws IOException {
    String name = BUNDLED_CONF + CONF.relativize(file).toString().replace('\\', '/');
    assertThat(files).contains(name);
    byte[] bundled = jar.getInputStream(jar.getEntry(name)).readAllBytes();
    assertThat(new String(bundled, StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
  }
}
