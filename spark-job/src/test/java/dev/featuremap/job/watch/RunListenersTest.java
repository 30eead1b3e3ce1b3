package dev.featuremap.job.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.job.failure.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunListenersTest {
  private final List<String> warnings = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final RunListeners listeners = new RunListeners(warnings::add);

  @Test
  void tellsThemInTheOrderInWhichTheyWereAdded() {
    listeners.add(new Hearing("one"));
    listeners.add(new Hearing("two"));

    listeners.loaded(images(600, 200, 3));

    assertThat(heard).containsExactly("one 600 200 3", "two 600 200 3");
  }

  @Test
  void tellsOneThatJoinsInFrontBeforeTheOthers() {
    listeners.add(new Hearing("one"));
    listeners.addFirst(new Hearing("two"));

    listeners.loaded(images(600, 200, 3));

    assertThat(heard).containsExactly("two 600 200 3", "one 600 200 3");
  }

  @Test
  void outlivesTheFailureOfOneAndSaysItOnce() {
    listeners.add(new Failing());
    listeners.add(new Hearing("two"));

    listeners.loaded(images(1, 2, 0));
    listeners.roundStarts(new RoundStart(List.of(), 0, 1, 0));
    listeners.loaded(images(3, 4, 0));

    assertThat(heard).containsExactly("two 1 2 0", "two 3 4 0");
    assertThat(warnings)
        .containsExactly(
            "Cannot keep the weather up to date: Cannot write clouds. Training goes on.");
  }

  @Test
  void closesAllOfThem() {
    listeners.add(new Failing());
    listeners.add(new Hearing("two"));

    listeners.close();

    assertThat(heard).containsExactly("two closed");
  }

  private static ImagesLoaded images(long train, long test, long bad) {
    return new ImagesLoaded(train, test, bad, "", Optional.empty());
  }

  private final class Hearing implements RunListener {
    private final String name;

    private Hearing(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void loaded(ImagesLoaded images) {
      heard.add("%s %s %s %s".formatted(name, images.train(), images.test(), images.bad()));
    }

    @Override
    public void close() {
      heard.add(name + " closed");
    }
  }

  private static final class Failing implements RunListener {
    @Override
    public String name() {
      return "the weather";
    }

    @Override
    public void loaded(ImagesLoaded images) {
      throw JobException.badData("Cannot write clouds.");
    }

    @Override
    public void roundStarts(RoundStart round) {
      throw new IllegalStateException("no rain");
    }

    @Override
    public void close() {
      throw new IllegalStateException("no sun");
    }
  }
}
