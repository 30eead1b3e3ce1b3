package dev.featuremap.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.spec.Options;
import dev.featuremap.train.Round;
import dev.featuremap.train.SyncRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncSettingsTest {
  private final List<String> problems = new ArrayList<>();

  @Test
  void synchronisesEveryStepBeforeTheSwitch() {
    SyncSettings settings = read("every = 3 steps, switch-epoch = 2, optimizer-state = reset");

    assertThat(settings.rounds(1, 4)).isEqualTo(Round.ofEpoch(1, 4, SyncRule.EVERY_STEP));
    assertThat(settings.rounds(2, 4)).isEqualTo(Round.ofEpoch(2, 4, new SyncRule(3), true));
    assertThat(problems).isEmpty();
  }

  @Test
  void numbersStepsAndTellsTheTimeThroughTheSwitch() {
    SyncSettings settings = read("every = epoch, switch-epoch = 1");
    Round before = settings.rounds(0, 4).get(3);
    Round after = settings.rounds(1, 4).get(0);

    assertThat(before.updateNumber(3)).isEqualTo(4);
    assertThat(after.updateNumber(0)).isEqualTo(5);
    assertThat(before.epochAt(3)).isEqualTo(0.75);
    assertThat(after.epochAt(0)).isEqualTo(1);
  }

  @Test
  void switchesWithinTheRun() {
    read("switch-epoch = 10");

    assertThat(problems)
        .containsExactly("Cannot use sync.switch-epoch: expected an integer from 0 to 9, got 10.");
  }

  @Test
  void refusesToSwitchFromEveryStepToEveryStep() {
    read("every = 1 step, switch-epoch = 2");

    assertThat(problems)
        .containsExactly(
            "Cannot use sync.switch-epoch = 2 with sync.every = \"1 step\": before and after the switch every step would be synchronised. Set sync.every to epoch or a number of steps, or sync.switch-epoch to 0.");
  }

  @Test
  void refusesMomentumOverRoundsOfOneStep() {
    read("every = 1 step, outer.type = slowmo");

    assertThat(problems)
        .containsExactly(
            "Cannot use sync.outer.type = slowmo with sync.every = \"1 step\": the driver then makes every step, and momentum over rounds is momentum over steps. Set train.optimizer.momentum, or sync.outer.type to none.");
  }

  @Test
  void tellPeopleWhatHappens() {
    assertThat(read("")).hasToString("averaged every epoch");
    assertThat(read("every = 8 steps, switch-epoch = 2, outer { type = slowmo, momentum = 0.7 }"))
        .hasToString("one at every step, from epoch 3 averaged every 8 steps, slowmo 0.7");
  }

  private SyncSettings read(String config) {
    Options options =
        Options.of(
            ConfigFactory.parseString(config),
            BundledConf.defaults().getConfig("sync"),
            "sync",
            problems);
    SyncSettings settings = SyncSettings.read(options, 10);
    options.rejectUnknown();
    return settings;
  }
}
