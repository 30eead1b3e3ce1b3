package dev.featuremap.job.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.images.source.BadRecord;
import dev.featuremap.job.record.RunId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import org.apache.hadoop.fs.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers wrote is shown, and does nothing. */
class ShownTextTest {
  private static final String WRITTEN = "/d/a\nfeaturemap: done\u001b[2J\u202e.png";
  private static final String SHOWN = "/d/a\\nfeaturemap: done\\u001B[2J\\u202E.png";

  @Test
  void inTheMessageOfAFailure() {
    assertThat(JobException.badData("Cannot read %s: no.".formatted(WRITTEN)))
        .hasMessage("Cannot read %s: no.".formatted(SHOWN));
    assertThat(new JobException(ExitCode.BAD_DATA, WRITTEN, new IOException())).hasMessage(SHOWN);
  }

  @Test
  void inAFailureThatListsThings() {
    assertThat(JobException.listing(ExitCode.BAD_DATA, WRITTEN, List.of(WRITTEN, "b"), "Mend it."))
        .hasMessage(SHOWN + "\n  " + SHOWN + "\n  b\nMend it.");
  }

  @Test
  void inARecordThatIsLeftOut() {
    assertThat(new BadRecord(3, WRITTEN, "it has \u0007"))
        .hasToString("record 3 in " + SHOWN + ": it has \\u0007");
  }

  @Test
  void inLinesOfACommand() {
    StringWriter out = new StringWriter();
    LinePrinter printer = () -> new PrintWriter(out);

    printer.say("run %s in %s%n%s", RunId.of("a\nb"), new Path(WRITTEN), "1\n2\u001b");

    assertThat(out.toString()).isEqualTo("run a\\nb in %s%n1\n2\\u001B%n".formatted(SHOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"appender.stderr.layout.pattern", "appender.executor.layout.pattern"})
  void inTheLog(String key) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(java.nio.file.Path.of("../conf/log4j2.properties"))) {
      properties.load(in);
    }
    PatternLayout layout =
        PatternLayout.newBuilder()
            .withPattern(properties.getProperty(key))
            .withAlwaysWriteExceptions(false)
            .build();
    Log4jLogEvent event =
        Log4jLogEvent.newBuilder()
            .setLevel(Level.WARN)
            .setLoggerName("a.Name")
            .setMessage(new SimpleMessage("of " + WRITTEN + "\r\u0000\u2066\u009b猫"))
            .build();

    assertThat(layout.toSerializable(event))
        .endsWith(
            "WARN  Name: of /d/a\\nfeaturemap: done^[[2J?.png\\r???猫" + System.lineSeparator());
  }
}
