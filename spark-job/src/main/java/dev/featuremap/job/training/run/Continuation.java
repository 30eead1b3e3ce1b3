package dev.featuremap.job.training.run;

import dev.featuremap.job.config.JobConfig;
import dev.featuremap.job.record.EpochMetrics;
import dev.featuremap.job.training.rounds.EarlyStoppingRule;
import dev.featuremap.job.training.rounds.RunState;
import dev.featuremap.train.TrainingSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a run can go on with other settings than it has had so far. It can if a run that has the
 * new ones from the start would come through the same state: then they say only where it ends, and
 * its result has the same bits.
 *
 * @param earlier the settings that the run has
 * @param now those that are asked for
 */
record Continuation(JobConfig earlier, JobConfig now) {
  private static final Pattern OF_STAGE = Pattern.compile("train\\.stages\\[(\\d+)](.*)");
  private static final Pattern OF_TRAIN =
      Pattern.compile("train\\.(?:stages\\[\\d+]\\.)?([a-z0-9-]+(?:\\.[a-z0-9-]+)*)");
  private static final Pattern WHOLE = Pattern.compile("train\\.(freeze|no-decay|rates)[.\\[].*");
  private static final Pattern OF_THE_RUN =
      Pattern.compile("train\\.(workers|batch-size|seed|init-.*)");

  /** True if the settings are those that the run has. */
  boolean isSame() {
    return now.fingerprint().equals(earlier.fingerprint());
  }

  /**
   * What is in the way, as sentences that each begin with a space; nothing if the run can go on. An
   * empty text says no more than that settings differ.
   *
   * @param state of the run's last checkpoint
   */
  Optional<String> obstacle(Optional<RunState> state) {
    if (isSame()) {
      return Optional.empty();
    }
    if (!commonSettings(earlier).equals(commonSettings(now))
        || now.stages().size() < earlier.stages().size()) {
      return Optional.of(stageInstead());
    }
    return state
        .flatMap(this::obstacleOfProgress)
        .or(this::obstacleOfLengths)
        .or(() -> state.flatMap(this::obstacleOfEarlyStopping));
  }

  /** The settings that count, without those that say where the run ends. */
  private SortedMap<String, String> commonSettings(JobConfig config) {
    SortedMap<String, String> common = new TreeMap<>(config.determining());
    common.keySet().removeIf(this::saysWhereItEnds);
    return common;
  }

  private boolean saysWhereItEnds(String key) {
    Matcher stage = OF_STAGE.matcher(key);
    return key.equals("train.epochs")
        || key.startsWith("early-stopping.")
        || (stage.matches()
            && (Integer.parseInt(stage.group(1)) >= earlier.stages().size()
                || stage.group(2).isEmpty()
                || stage.group(2).equals(".epochs")));
  }

  private Optional<String> obstacleOfLengths() {
    int last = earlier.stages().size() - 1;
    for (int stage = 0; stage < last; stage++) {
      if (now.stages().get(stage).epochs() != earlier.stages().get(stage).epochs()) {
        return Optional.of(" Of its stages only the last may get another length.");
      }
    }
    TrainingSpec had = earlier.stages().get(last);
    TrainingSpec shallHave = now.stages().get(last);
    return had.epochs() == shallHave.epochs() || had.schedule().equals(shallHave.schedule())
        ? Optional.empty()
        : Optional.of(
            " Its schedule of the learning rate depends on the number of epochs." + stageInstead());
  }

  private Optional<String> obstacleOfProgress(RunState state) {
    int begun = state.epoch() + (state.nextRound() > 0 ? 1 : 0);
    int endOfStage = now.stages().get(earlier.stages().size() - 1).endEpoch();
    return now.epochs() > state.epoch() && endOfStage >= begun
        ? Optional.empty()
        : Optional.of(
            " %s epochs of it are done; to go on, ask for more than that.".formatted(begun));
  }

  private Optional<String> obstacleOfEarlyStopping(RunState state) {
    EarlyStoppingRule rule = new EarlyStoppingRule(now.earlyStopping());
    List<EpochMetrics> history = state.history();
    int lastStage = now.stages().get(now.stages().size() - 1).firstEpoch();
    for (int end = lastStage + 1; end <= history.size(); end++) {
      if (rule.stopsAfter(history.subList(lastStage, end))) {
        return Optional.of(
            " With early-stopping.patience = %s it ends after epoch %s; to go on, give a larger one, or 0 for none."
                .formatted(now.earlyStopping().patience(), end));
      }
    }
    return Optional.empty();
  }

  /** A stage that would have what differs; empty where a stage cannot have it. */
  private String stageInstead() {
    if (now.stages().size() < earlier.stages().size()) {
      return "";
    }
    SortedSet<String> settings = new TreeSet<>();
    SortedMap<String, String> had = earlier.determining();
    SortedMap<String, String> has = now.determining();
    for (String key : union(had.keySet(), has.keySet())) {
      boolean differs = !Objects.equals(had.get(key), has.get(key));
      if (differs && !saysWhereItEnds(key)) {
        Optional<String> setting = ofStage(key, has);
        if (setting.isEmpty()) {
          return "";
        }
        settings.add(setting.get());
      }
    }
    String length = "epochs=" + Math.max(1, now.epochs() - earlier.epochs());
    String stage = "{%s}".formatted(String.join(", ", union(Set.of(length), settings)));
    return union(had.keySet(), has.keySet()).stream()
            .anyMatch(key -> OF_STAGE.matcher(key).matches())
        ? " To go on with another stage, leave the settings as they are and append %s to train.stages."
            .formatted(stage)
        : " To go on with another stage, leave the settings as they are and give --set 'train.stages=[{}, %s]'."
            .formatted(stage);
  }

  /** A setting as a stage has it, lists and rates as a whole; nothing where it cannot have it. */
  private Optional<String> ofStage(String key, SortedMap<String, String> has) {
    Matcher whole = WHOLE.matcher(key);
    if (whole.matches()) {
      // A stage's rates are added to those of all stages: it cannot take one away.
      return whole.group(1).equals("rates") && !has.containsKey(key)
          ? Optional.empty()
          : now.text("train." + whole.group(1)).map(text -> whole.group(1) + "=" + text);
    }
    Matcher train = OF_TRAIN.matcher(key);
    return train.matches() && !OF_THE_RUN.matcher(key).matches()
        ? Optional.ofNullable(has.get(key)).map(text -> train.group(1) + "=" + text)
        : Optional.empty();
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return all;
  }
}
