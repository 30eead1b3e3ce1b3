package dev.featuremap.job.torture;

import dev.featuremap.job.testing.S3Front;
import java.net.URI;
import java.util.Optional;
import java.util.Random;

/**
 * A store of S3 that refuses 3 of 10 requests, which a run must not mind, or all of them from a
 * random moment on: then the run must end in time and leave a checkpoint to resume from.
 */
final class BusyStore implements Campaign {
  private static final double SHARE = 0.3;

  private final Torture torture;

  BusyStore(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "busy-store";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    if (!store.name().equals("s3a")) {
      return;
    }
    try (S3Front front = S3Front.start(URI.create(store.hadoop().get("fs.s3a.endpoint")), random)) {
      TortureStore busy = store.through(front);
      for (int count = torture.ledger().count(name(), store.name()); count < faults; count++) {
        if (count % 2 == 0) {
          someRefused(busy, front);
        } else {
          allRefused(busy, front, random);
        }
      }
    }
  }

  private void someRefused(TortureStore store, S3Front front) throws Exception {
    long before = front.refused();
    front.refuse(SHARE);
    String outcome = torture.subject(store).finish();
    front.refuse(0);
    String fault = "%d requests refused, 3 of 10".formatted(front.refused() - before);
    torture.ledger().add(name(), store.name(), fault, outcome);
  }

  private void allRefused(TortureStore store, S3Front front, Random random) throws Exception {
    Outage outage = new Outage(() -> front.refuse(1), () -> front.refuse(0));
    Optional<Outage.Outcome> outcome = Optional.empty();
    while (outcome.isEmpty()) {
      outcome = outage.untilTheEndOf(torture.subject(store), torture.moment(random));
    }
    String fault = "all refused " + outcome.get().when();
    torture.ledger().add(name(), store.name(), fault, outcome.get().of());
  }
}
