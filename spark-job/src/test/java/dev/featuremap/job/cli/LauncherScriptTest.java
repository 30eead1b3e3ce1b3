package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** What {@code scripts/featuremap} knows of commands, so that a typing error needs no Java. */
class LauncherScriptTest {
  private static final Path SCRIPT = Path.of("../scripts/featuremap");

  @Test
  void knowsTheCommandsOfTheJob() throws IOException {
    String commands =
        String.join(
            " ", CommandTree.of(Configuration::new, JobCommand::execute).getSubcommands().keySet());

    assertThat(Files.readString(SCRIPT)).contains("\nreadonly COMMANDS='%s'\n".formatted(commands));
  }
}
