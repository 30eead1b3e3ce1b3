package dev.featuremap.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the example DAG submits is what the command line takes. */
class AirflowDagTest {
  private static final Path DAG = Path.of("../scripts/airflow/dags/train_and_publish.py");
  private static final Pattern CALL =
      Pattern.compile(" featuremap\\(\\s*\"([a-z]+)\",((?:[^()]|\\([^()]*\\))*)\\)");
  private static final Pattern OPTION = Pattern.compile("(--[a-z-]+)=");

  @Test
  void submitsCommandsWithOptionsTheyHave() throws IOException {
    Map<String, CommandLine> commands = commands();
    List<String> submitted = new ArrayList<>();
    Matcher call = CALL.matcher(Files.readString(DAG));
    while (call.find()) {
      submitted.add(call.group(1));
      List<String> options =
          OPTION.matcher(call.group(2)).results().map(option -> option.group(1)).toList();
      assertThat(options).as(call.group(1)).isNotEmpty();
      assertThat(commands.get(call.group(1)).getCommandSpec().optionsMap())
          .as(call.group(1))
          .containsKeys(options.toArray(String[]::new));
    }
    assertThat(submitted).containsExactly("train", "evaluate", "publish", "predict");
  }

  @Test
  void submitsTheMainClass() throws IOException {
    assertThat(DAG).content().contains("java_class=\"%s\"".formatted(Featuremap.class.getName()));
  }

  private static Map<String, CommandLine> commands() {
    return CommandTree.of(Configuration::new, JobCommand::execute).getSubcommands();
  }
}
