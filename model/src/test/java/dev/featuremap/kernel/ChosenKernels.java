package dev.featuremap.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that prints the kernels it chose, after the warnings about them. */
final class ChosenKernels {
  private ChosenKernels() {}

  /** Lines of a JVM that is started with {@code options} and the module of the Vector API. */
  static List<String> of(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(List.of(options));
    command.add("-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ChosenKernels.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output
        .lines()
        .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
        .toList();
  }

  /** Chooses kernels. */
  public static void main(String[] arguments) {
    System.out.println(KernelLookup.kernels().name());
  }
}
