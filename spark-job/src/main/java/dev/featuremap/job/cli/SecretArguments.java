package dev.featuremap.job.cli;

import dev.featuremap.job.config.UriSecrets;
import dev.featuremap.spec.SpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Refuses a command line with credentials in it, before any other message may repeat it. */
final class SecretArguments {
  /** Options whose values are no locations. */
  private static final Set<String> TEXTS = Set.of("--run-id", "--alias", "--keep", "--features");

  private SecretArguments() {}

  /**
   * Looks at all arguments.
   *
   * @throws SpecException that names the options and does not repeat their values
   */
  static void refuse(String... arguments) {
    List<String> problems = new ArrayList<>();
    String option = "";
    for (String argument : arguments) {
      if (argument.startsWith("-")) {
        String[] parts = argument.split("=", 2);
        Optional<String> ofName = UriSecrets.problem("an option", parts[0]);
        ofName
            .or(() -> parts.length == 1 ? Optional.empty() : problem(parts[0], parts[1]))
            .ifPresent(problems::add);
        option = ofName.isEmpty() && parts.length == 1 ? parts[0] : "";
      } else {
        problem(option, argument).ifPresent(problems::add);
        option = "";
      }
    }
    if (!problems.isEmpty()) {
      throw new SpecException(problems);
    }
  }

  private static Optional<String> problem(String option, String value) {
    if (option.equals("--set")) {
      return UriSecrets.problemOfAssignment(value);
    }
    String name = option.isEmpty() ? "an argument" : option;
    return TEXTS.contains(option)
        ? UriSecrets.problemOfText(name, value)
        : UriSecrets.problem(name, value);
  }
}
