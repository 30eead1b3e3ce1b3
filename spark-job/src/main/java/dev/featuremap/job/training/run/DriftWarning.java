package dev.featuremap.job.training.run;

import dev.featuremap.job.training.rounds.DriftRule;
import dev.featuremap.job.watch.EpochDone;
import dev.featuremap.job.watch.RunListener;
import java.util.function.Consumer;

/** Says once in a run that its workers drift apart. */
record DriftWarning(Consumer<String> warn) implements RunListener {
  @Override
  public String name() {
    return "the warning of drift";
  }

  @Override
  public void epochDone(EpochDone epoch) {
    DriftRule.warning(epoch.history()).ifPresent(warn);
  }
}
