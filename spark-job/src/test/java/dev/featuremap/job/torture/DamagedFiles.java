package dev.featuremap.job.torture;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.testing.SubmittedJob;
import dev.featuremap.job.testing.TrainingRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.fs.Path;

/**
 * Damages a file of the newest checkpoint of a run whose driver was killed: the checkpoint before
 * must be used, and a warning must name the file. Where all checkpoints are damaged, the run must
 * end with the reason for each, and nothing may be deleted.
 */
final class DamagedFiles implements Campaign {
  private static final String TWO_EPOCHS = "epoch 2/";
  private static final String MANIFEST = "manifest";
  private static final String ALL_MODELS = "all-models";
  private static final List<String> FILES =
      List.of(
          "model.safetensors", "optimizer.safetensors", "outer.safetensors", MANIFEST, ALL_MODELS);

  private final Torture torture;

  private record DamageTo(String file, RunFiles.Damage kind) {}

  DamagedFiles(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "damage";
  }

  /** Goes through all files and all kinds of damage again and again. */
  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    Map<String, DamageTo> points = new LinkedHashMap<>();
    for (String file : FILES) {
      for (RunFiles.Damage kind : RunFiles.Damage.values()) {
        points.put("%s %s".formatted(file, kind.word()), new DamageTo(file, kind));
      }
    }
    Ledger ledger = torture.ledger();
    for (String point : ledger.missing(name(), store.name(), points.keySet(), faults)) {
      DamageTo what = points.get(point);
      String outcome = damage(torture.subject(store), what.file(), what.kind(), random);
      ledger.add(name(), store.name(), point + " after a kill", outcome);
    }
  }

  private static String damage(Subject subject, String file, RunFiles.Damage kind, Random random)
      throws Exception {
    try (SubmittedJob job = subject.start(submission -> submission)) {
      job.awaitText(TWO_EPOCHS, TrainingRuns.LIMIT);
      job.kill();
    }
    return file.equals(ALL_MODELS)
        ? damageAll(subject, kind, random)
        : damageNewest(subject, file, kind, random);
  }

  private static String damageNewest(
      Subject subject, String file, RunFiles.Damage kind, Random random) throws Exception {
    RunFiles files = subject.files();
    List<Path> manifests = files.below("manifests");
    List<Path> candidates = new ArrayList<>(manifests);
    Path target = manifests.get(manifests.size() - 1);
    if (!file.equals(MANIFEST)) {
      String newest = subject.newestDirectory();
      candidates = new ArrayList<>(files.below("checkpoints"));
      candidates.removeIf(path -> !path.getName().equals(file));
      target =
          candidates.stream()
              .filter(path -> path.getParent().getName().equals(newest))
              .findFirst()
              .orElseThrow();
    }
    candidates.remove(target);
    files.damage(target, kind, candidates.get(0), random);
    try (SubmittedJob job = subject.start(submission -> submission)) {
      String outcome = subject.outcome(job);
      // A manifest that is gone cannot be told from one that never was.
      boolean silent = file.equals(MANIFEST) && kind == RunFiles.Damage.DELETED;
      return silent || subject.lastErrors().contains(target.getName())
          ? outcome
          : "no warning of " + target.getName();
    }
  }

  private static String damageAll(Subject subject, RunFiles.Damage kind, Random random)
      throws Exception {
    RunFiles files = subject.files();
    List<Path> models = new ArrayList<>(files.below("checkpoints"));
    models.removeIf(path -> !path.getName().equals("model.safetensors"));
    Path other =
        files.below("checkpoints").stream()
            .filter(path -> !models.contains(path))
            .findFirst()
            .orElseThrow();
    for (Path model : models) {
      files.damage(model, kind, other, random);
    }
    List<Path> before = files.all();
    try (SubmittedJob job = subject.start(submission -> submission)) {
      int code = job.waitFor(TrainingRuns.LIMIT);
      for (Path model : models) {
        if (!job.errors().contains(model.getParent().getName())) {
          return "no reason for " + model;
        }
      }
      if (code != ExitCode.BAD_DATA.code()) {
        return "exit code " + code;
      }
    }
    return files.all().containsAll(before) ? Ledger.SAME_BITS : "something was deleted";
  }
}
