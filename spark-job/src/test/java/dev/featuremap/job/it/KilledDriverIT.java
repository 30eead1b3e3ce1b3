package dev.featuremap.job.it;

import static dev.featuremap.job.testing.TrainingRuns.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.record.RunResult;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import dev.featuremap.job.testing.UnderTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class KilledDriverIT {
  private static final int EPOCHS = 6;
  private static final Pattern RESUMES = Pattern.compile("(?m)^resumes after epoch (\\d+)$");
  private static final Pattern EPOCH_LINE = Pattern.compile("(?m)^epoch (\\d+)/" + EPOCHS + " ");

  /** Far less than a Spark context and six epochs take on a machine this busy. */
  private static final Duration REPORT_LIMIT = Duration.ofSeconds(15);

  @TempDir(factory = UnderTarget.class, cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void goesOnWhereItWasKilledAndEndsWithTheSameBits() throws Exception {
    TrainingRuns runs = TrainingRuns.in(directory, 20_000, EPOCHS, "epoch");
    RunResult undisturbed = runs.finish("undisturbed", submission -> submission);

    kill(runs);
    assertThat(TrainingRuns.local(runs.files("killed").success())).doesNotExist();
    resume(runs);
    assertThat(runs.result("killed").parametersSha256()).isEqualTo(undisturbed.parametersSha256());
    assertThat(runs.metrics("killed")).isEqualTo(runs.metrics("undisturbed"));
    assertThat(runs.status("killed").attempt()).isEqualTo(2);
    report(runs);
  }

  private static void kill(TrainingRuns runs) throws Exception {
    try (SubmittedJob job = runs.start("killed", submission -> submission)) {
      job.awaitText("epoch 3/" + EPOCHS, LIMIT);
      job.kill();
    }
  }

  private static void resume(TrainingRuns runs) throws Exception {
    try (SubmittedJob job = runs.start("killed", submission -> submission)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      Matcher resumes = RESUMES.matcher(job.output());
      assertThat(resumes.find()).as(job.output()).isTrue();
      int done = Integer.parseInt(resumes.group(1));
      assertThat(done).isBetween(3, EPOCHS - 1);
      List<Integer> trained =
          EPOCH_LINE
              .matcher(job.output())
              .results()
              .map(line -> Integer.valueOf(line.group(1)))
              .toList();
      assertThat(trained).isEqualTo(IntStream.rangeClosed(done + 1, EPOCHS).boxed().toList());
    }
  }

  /** A finished run is reported, without Spark and without a change. */
  private static void report(TrainingRuns runs) throws Exception {
    Path run = TrainingRuns.local(runs.files("killed").root());
    Map<Path, ByteBuffer> before = contents(run);
    Instant begin = Instant.now();
    try (SubmittedJob job = runs.start("killed", submission -> submission)) {
      assertThat(job.waitFor(LIMIT)).as(job.errors()).isZero();
      assertThat(job.output())
          .contains(
              "run killed is already finished; nothing was trained",
              "parameters-sha256 " + runs.result("killed").parametersSha256());
    }
    assertThat(Duration.between(begin, Instant.now())).isLessThan(REPORT_LIMIT);
    assertThat(contents(run)).isEqualTo(before);
  }

  private static Map<Path, ByteBuffer> contents(Path directory) throws IOException {
    Map<Path, ByteBuffer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
