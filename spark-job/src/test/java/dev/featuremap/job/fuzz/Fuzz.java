package dev.featuremap.job.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code scripts/fuzz} starts. */
public final class Fuzz {
  private Fuzz() {}

  /**
   * Parses damaged inputs, or prepares for Jazzer.
   *
   * @param arguments {@code mutate inputs seed} to try so many inputs, shared by all parsers; or
   *     {@code seeds directory} to write the seeds of each parser into a directory of its name; or
   *     {@code files trees footers seed directory} to try so many trees of files, and tables with
   *     damage at every so many bytes of their footer; 0 is none
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("seeds")) {
      writeSeeds(Path.of(arguments[1]));
    } else if (arguments[0].equals("files")) {
      System.exit(files(arguments) ? 0 : 1);
    } else {
      System.exit(mutate(Long.parseLong(arguments[1]), Long.parseLong(arguments[2])) ? 0 : 1);
    }
  }

  private static boolean files(String[] arguments) throws Exception {
    long trees = Long.parseLong(arguments[1]);
    int every = Integer.parseInt(arguments[2]);
    Path directory = Path.of(arguments[4]);
    boolean clean =
        trees == 0 || new FuzzTrees(directory).trees(trees, Long.parseLong(arguments[3]));
    return (every == 0 || new FuzzTrees(directory).footers(every)) && clean;
  }

  private static void writeSeeds(Path directory) throws Exception {
    for (InputParser parser : InputParsers.all()) {
      Path own = Files.createDirectories(directory.resolve(parser.name()));
      for (int seed = 0; seed < parser.seeds().size(); seed++) {
        Files.write(own.resolve("seed-" + seed), parser.seeds().get(seed));
      }
      System.out.println(parser.name());
    }
  }

  private static boolean mutate(long inputs, long seed) throws Exception {
    List<InputParser> parsers = InputParsers.all();
    long each = (inputs + parsers.size() - 1) / parsers.size();
    boolean clean = true;
    for (InputParser parser : inputs == 0 ? List.<InputParser>of() : parsers) {
      Trial trial = new Trial(parser);
      Mutations mutations = new Mutations(parser.seeds(), seed);
      long begin = System.nanoTime();
      long problems = 0;
      for (long number = 0; number < each; number++) {
        Optional<String> problem = trial.problem(mutations.input(number));
        if (problem.isPresent() && problems++ < 10) {
          System.out.println("%s, input %s: %s".formatted(parser.name(), number, problem.get()));
        }
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-18s %,9d inputs  %6.1f s  %d problems%n",
          parser.name(),
          each,
          seconds,
          problems);
      clean &= problems == 0;
    }
    return clean;
  }
}
