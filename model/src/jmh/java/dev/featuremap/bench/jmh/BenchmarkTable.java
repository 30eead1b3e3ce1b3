package dev.featuremap.bench.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs training steps or kernels and prints what they do, beside the FMA peak of a core, which is
 * measured again before each.
 *
 * <p>Arguments: a file for what JMH says, then {@code steps <threads> <networks> <batches>} or
 * {@code predictions <threads> <networks>} with comma-separated lists, or {@code kernels <regular
 * expression>}.
 */
public final class BenchmarkTable {
  private static final String ROW = "%-66s %12s %10s %10s %7s %12s %12s%n";

  private final String log;
  private double peak;

  private BenchmarkTable(String log) {
    this.log = log;
  }

  /** Runs and prints. */
  public static void main(String[] args) throws RunnerException {
    System.out.printf("Java %s, FMA peak times threads%n", Runtime.version());
    System.out.printf(
        ROW,
        "benchmark",
        "images/s",
        "GFLOP/s",
        "FMA peak",
        "share",
        "µs/operation",
        "B/operation");
    BenchmarkTable table = new BenchmarkTable(args[0]);
    switch (args[1]) {
      case "kernels" -> table.kernels(Pattern.compile(args[2]));
      case "predictions" -> table.predictions(Integer.parseInt(args[2]), args[3].split(","));
      default -> table.steps(Integer.parseInt(args[2]), args[3].split(","), args[4].split(","));
    }
  }

  private void predictions(int threads, String[] networks) throws RunnerException {
    for (String network : networks) {
      measurePeak();
      ChainedOptionsBuilder options =
          options(PredictionBenchmark.class.getSimpleName())
              .param("network", network)
              .threads(threads);
      run(options).forEach(result -> print(result, threads));
    }
  }

  private void steps(int threads, String[] networks, String[] batches) throws RunnerException {
    for (String network : networks) {
      for (String batch : batches) {
        measurePeak();
        ChainedOptionsBuilder options =
            options(TrainingStepBenchmark.class.getSimpleName())
                .param("network", network)
                .param("batch", batch)
                .param("threads", Integer.toString(threads));
        run(options).forEach(result -> print(result, threads));
      }
    }
  }

  private void kernels(Pattern wanted) throws RunnerException {
    for (Class<?> family :
        List.of(
            ConvolutionBenchmark.class,
            FullyConnectedBenchmark.class,
            PoolingBenchmark.class,
            ActivationBenchmark.class)) {
      for (String benchmark : benchmarks(family, wanted)) {
        measurePeak();
        run(options(benchmark)).forEach(result -> print(result, 1));
      }
    }
  }

  /** The best short iteration of this run so far: other tenants only ever lower it. */
  private double measurePeak() throws RunnerException {
    ChainedOptionsBuilder options =
        options(FmaPeakBenchmark.class.getSimpleName())
            .warmupIterations(1)
            .measurementTime(TimeValue.milliseconds(200));
    for (BenchmarkResult fork : run(options).get(0).getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        peak = Math.max(peak, iteration.getSecondaryResults().get("flops").getScore());
      }
    }
    return peak;
  }

  private static List<String> benchmarks(Class<?> family, Pattern wanted) {
    List<String> names = new ArrayList<>();
    for (var method : family.getDeclaredMethods()) {
      String name = family.getSimpleName() + "." + method.getName();
      if (method.isAnnotationPresent(Benchmark.class) && wanted.matcher(name).find()) {
        names.add(name + "$");
      }
    }
    return names.stream().sorted().toList();
  }

  private ChainedOptionsBuilder options(String include) {
    return new OptionsBuilder()
        .include(include)
        .forks(1)
        .warmupIterations(5)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(5)
        .measurementTime(TimeValue.seconds(1))
        .addProfiler(GCProfiler.class)
        .jvmArgs("--add-modules=jdk.incubator.vector")
        .shouldFailOnError(true)
        .output(log);
  }

  private List<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    if (results.isEmpty()) {
      throw new IllegalStateException(
          "Cannot measure: no benchmark ran, expected one. See %s.".formatted(log));
    }
    return List.copyOf(results);
  }

  private void print(RunResult result, int threads) {
    double flops = rate(result, "flops");
    boolean counted = flops > 0;
    System.out.printf(
        ROW,
        name(result.getParams()),
        number("%,.0f", rate(result, "images")),
        counted ? number("%.1f", flops / 1e9) : "",
        number("%.0f", threads * peak / 1e9),
        counted ? number("%.0f %%", 100 * flops / (threads * peak)) : "",
        number("%,.1f", 1e6 / result.getPrimaryResult().getScore()),
        number("%,.0f", rate(result, "gc.alloc.rate.norm")));
  }

  private static String name(BenchmarkParams params) {
    String[] path = params.getBenchmark().split("\\.");
    StringBuilder name = new StringBuilder(path[path.length - 2].replace("Benchmark", ""));
    name.append('.').append(path[path.length - 1]);
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static double rate(RunResult result, String counter) {
    for (var entry : result.getSecondaryResults().entrySet()) {
      if (entry.getKey().endsWith(counter)) {
        return entry.getValue().getScore();
      }
    }
    throw new IllegalStateException(
        "Cannot read the result of %s: no counter %s."
            .formatted(result.getParams().getBenchmark(), counter));
  }
}
