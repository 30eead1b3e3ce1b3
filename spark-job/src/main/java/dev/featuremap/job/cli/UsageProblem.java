package dev.featuremap.job.cli;

import dev.featuremap.job.config.Keys;
import dev.featuremap.spec.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with arguments, and which were probably meant. */
final class UsageProblem {
  private UsageProblem() {}

  static String describe(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String problem =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched(command, unmatched.getUnmatched())
            : lowerFirst(withoutEnd(e.getMessage())) + "." + commands(command);
    return "Cannot run %s: %s".formatted(name, problem);
  }

  private static String unmatched(CommandLine command, List<String> arguments) {
    List<String> options = arguments.stream().filter(argument -> argument.startsWith("-")).toList();
    String first = arguments.get(0);
    if (!first.startsWith("-") && !command.getSubcommands().isEmpty()) {
      return "unknown command %s.%s".formatted(first, nearestCommand(command, first));
    }
    if (options.isEmpty()) {
      return "unexpected argument %s. Every setting has an option or --set.".formatted(first);
    }
    return options.stream()
        .map(
            option ->
                "unknown option %s.%s".formatted(name(option), nearestOption(command, option)))
        .collect(Collectors.joining(" And "));
  }

  private static String nearestCommand(CommandLine command, String word) {
    return Nearest.to(word, command.getSubcommands().keySet())
        .map(" Did you mean %s?"::formatted)
        .orElseGet(() -> commands(command));
  }

  private static String commands(CommandLine command) {
    Set<String> names = command.getSubcommands().keySet();
    return names.isEmpty() ? "" : " Commands: %s.".formatted(String.join(", ", names));
  }

  private static String nearestOption(CommandLine command, String argument) {
    String option = name(argument);
    Set<String> options = new TreeSet<>();
    for (OptionSpec spec : command.getCommandSpec().options()) {
      options.add(spec.longestName());
    }
    String key = option.replaceFirst("^-+", "");
    Optional<String> assignment =
        Keys.all().stream()
            .filter(known -> options.contains("--set") && known.endsWith("." + key))
            .map("--set %s=…"::formatted)
            .findFirst();
    return assignment
        .or(() -> Nearest.to(option, options))
        .map(" Did you mean %s?"::formatted)
        .orElse(" Options: %s.".formatted(String.join(", ", options)));
  }

  private static String name(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  private static String withoutEnd(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String lowerFirst(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
