package dev.featuremap.job.torture;

import dev.featuremap.job.testing.HdfsCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * An HDFS whose name node takes no changes, or whose only datanode is gone, from a random moment of
 * a run on: for some seconds, which the run must not mind, or for longer than it waits.
 */
final class HdfsOutages implements Campaign {
  private static final Duration SOME_SECONDS = Duration.ofSeconds(8);

  private final Torture torture;

  private record Point(Outage outage, boolean isShort) {}

  HdfsOutages(Torture torture) {
    this.torture = torture;
  }

  @Override
  public String name() {
    return "hdfs-outages";
  }

  @Override
  public void run(TortureStore store, int faults, Random random) throws Exception {
    Optional<HdfsCluster> cluster = store.hdfs();
    if (cluster.isEmpty()) {
      return;
    }
    Map<String, Point> points = points(cluster.get());
    Ledger ledger = torture.ledger();
    for (String name : ledger.missing(name(), store.name(), points.keySet(), faults)) {
      Outage.Outcome outcome = happenTo(store, points.get(name), random);
      ledger.add(name(), store.name(), name + " " + outcome.when(), outcome.of());
    }
  }

  private Outage.Outcome happenTo(TortureStore store, Point point, Random random) throws Exception {
    while (true) {
      Subject subject = torture.subject(store);
      Duration moment = torture.moment(random);
      Optional<Outage.Outcome> outcome =
          point.isShort()
              ? point.outage().lasting(SOME_SECONDS, subject, moment)
              : point.outage().untilTheEndOf(subject, moment);
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
  }

  private static Map<String, Point> points(HdfsCluster cluster) {
    Outage safeMode = new Outage(cluster::enterSafeMode, cluster::leaveSafeMode);
    Outage noDatanode = new Outage(cluster::stopDatanode, cluster::startDatanode);
    Map<String, Point> points = new LinkedHashMap<>();
    points.put("short safe mode", new Point(safeMode, true));
    points.put("long safe mode", new Point(safeMode, false));
    points.put("datanode shortly stopped", new Point(noDatanode, true));
    points.put("datanode stopped", new Point(noDatanode, false));
    return points;
  }
}
