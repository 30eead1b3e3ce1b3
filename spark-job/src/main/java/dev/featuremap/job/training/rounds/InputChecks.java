package dev.featuremap.job.training.rounds;

import dev.featuremap.job.config.SyncSettings;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.images.shard.ShardLoad;
import dev.featuremap.job.images.source.ImageSource;
import dev.featuremap.loss.Loss;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.train.SyncRule;
import dev.featuremap.train.TrainingSpec;
import java.util.List;
import java.util.Locale;

/** What must hold between data, workers and driver before any work starts. */
final class InputChecks {
  /**
   * States that a driver holds in a round besides the results it collects: the one it started from,
   * that once more as the blocks of its broadcast, the next, and what is on its way from executors.
   */
  private static final int STATES_OF_DRIVER = 4;

  private InputChecks() {}

  static void workers(TrainingSpec training, long images) {
    if ((long) training.workers() * training.batchSize() > images) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot train with train.workers = %d and train.batch-size = %d: one step takes %,d images, got %,d. Lower one of the two.",
              training.workers(),
              training.batchSize(),
              (long) training.workers() * training.batchSize(),
              images));
    }
  }

  /** Classes that have weights must exist. */
  static void classWeights(StagePlans stages, List<String> names) {
    for (TrainingPlan stage : stages.all()) {
      stage
          .training()
          .loss()
          .weighting()
          .problem(names, stage.network().classes())
          .ifPresent(
              problem -> {
                throw JobException.usage(problem);
              });
    }
  }

  /** Images with several labels need a loss for them, and all sets must have as many. */
  static void labels(StagePlans stages, ImageSource train, ImageSource source) {
    boolean several = source.labels().hasSeveral();
    if (several != train.labels().hasSeveral()) {
      throw JobException.badData(
          "Cannot use %s and %s together: images of %s have one label each, and those of %s several. Mend data.table.label, or the data."
              .formatted(train, source, several ? train : source, several ? source : train));
    }
    Loss loss = stages.first().network().spec().loss();
    if (several && !loss.takesSeveralLabels()) {
      throw JobException.usage(
          "Cannot train on %s: its images may have several labels, and the network's loss %s is made for one. Set network.loss = %s."
              .formatted(source, loss, Loss.SIGMOID_CROSS_ENTROPY));
    }
    boolean weighs =
        stages.all().stream().anyMatch(stage -> stage.training().loss().weighting().weighs());
    if (several && weighs) {
      throw JobException.usage(
          "Cannot use train.class-weights with %s: its images may have several labels, and an image has one weight. Set it to none."
              .formatted(source));
    }
  }

  /** Where no images are evaluated, no schedule can go by what epochs achieve. */
  static void nothingIsWatched(List<TrainingSpec> stages) {
    if (stages.stream().anyMatch(stage -> stage.schedule().watches())) {
      throw JobException.usage(
          "Cannot train with train.schedule.type = plateau: it looks at images that are evaluated after each epoch, and an estimator has none. Take another schedule.");
    }
  }

  /** Every shard must hold an image when bad records are left out. */
  static void noShardIsEmpty(List<ShardLoad> shards, String images) {
    for (int worker = 0; worker < shards.size(); worker++) {
      if (shards.get(worker).images() == 0) {
        throw JobException.badData(
            "Cannot share %s among %s workers: each needs at least one, got none but bad records for worker %s. Lower train.workers, or mend the data."
                .formatted(images, shards.size(), worker));
      }
    }
  }

  /** What a layer keeps of a mini-batch must fit one array. */
  static void batchSize(TrainingPlan plan) {
    int largest = plan.network().largestBatch();
    if (plan.training().batchSize() > largest) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot train with train.batch-size = %d: a fully connected layer of this network can keep %,d images. Lower train.batch-size, or raise train.workers with sync.every = \"1 step\".",
              plan.training().batchSize(),
              largest));
    }
  }

  /**
   * The workers that train in an executor at once must fit into it: frozen layers, the state they
   * start from, and for each the state it changes, a gradient, and the activations of a mini-batch,
   * or of 16 images where no layer needs the rest. What algorithms need besides is not counted.
   */
  static void executor(TrainingPlan plan, ExecutorMemory room) {
    int batch = plan.training().batchSize();
    long activations = activationBytes(plan);
    long worker = workerBytes(plan);
    int workers = Math.min(plan.training().workers(), room.tasks());
    long bytes = executorBytes(plan, room);
    if (bytes > room.heapBytes()) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot train with train.batch-size = %d: a worker takes at least %,d MiB, %,d of them for activations, and %d at once in an executor take %,d MiB, got a heap of %,d MiB. Raise %s, let fewer work at once by spark.task.cpus, or lower train.batch-size.",
              batch,
              mebibytes(worker),
              mebibytes(activations),
              workers,
              mebibytes(bytes),
              room.heapBytes() >> 20,
              room.setting()));
    }
  }

  /** What the workers that train in an executor at once take there. */
  static long executorBytes(TrainingPlan plan, ExecutorMemory room) {
    int workers = Math.min(plan.training().workers(), room.tasks());
    long state = stateBytes(plan, plan.training().optimizer().slots());
    return frozenBytes(plan) + state + workers * workerBytes(plan);
  }

  private static long workerBytes(TrainingPlan plan) {
    return activationBytes(plan)
        + stateBytes(plan, plan.training().optimizer().slots())
        + stateBytes(plan, 0);
  }

  private static long activationBytes(TrainingPlan plan) {
    int batch = plan.training().batchSize();
    int blocks = plan.network().hasBarriers() ? (batch - 1) / Lanes.COUNT + 1 : 1;
    return plan.network().activationBytes(blocks);
  }

  /**
   * The driver must receive and hold what rounds return: the results of all workers while they are
   * small, else what executors have joined.
   */
  static void driver(TrainingPlan plan, SyncSettings sync, DriverMemory room) {
    long vector = vectorBytes(plan, sync.every());
    boolean collects = room.collects(vector * plan.training().workers());
    if (!collects && !room.receives(vector)) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot average %d workers: the %s takes %,d MiB, spark.driver.maxResultSize allows %,d MiB. Submit with --conf spark.driver.maxResultSize=%dm and driver memory to match.",
              plan.training().workers(),
              sync.every().sharesGradients() ? "sum of their gradients" : "averaged state",
              mebibytes(DriverMemory.withOverhead(vector)),
              room.resultBytes() >> 20,
              withRoom(DriverMemory.withOverhead(vector))));
    }
    long bytes = driverBytes(plan, sync, room);
    if (bytes > room.heapBytes()) {
      throw JobException.usage(
          String.format(
              Locale.ROOT,
              "Cannot average %d workers: a round takes %,d MiB of the driver's memory, got a heap of %,d MiB. Submit with --conf spark.driver.memory=%dm.",
              plan.training().workers(),
              mebibytes(bytes),
              room.heapBytes() >> 20,
              withRoom(bytes)));
    }
  }

  /** What a round takes of the driver's memory. */
  static long driverBytes(TrainingPlan plan, SyncSettings sync, DriverMemory room) {
    long results = vectorBytes(plan, sync.every()) * plan.training().workers();
    return (room.collects(results) ? results : 0) + ownBytes(plan, sync);
  }

  /**
   * What a worker returns from a round: its state, or the gradients of one step and its buffers.
   */
  private static long vectorBytes(TrainingPlan plan, SyncRule sync) {
    return stateBytes(plan, sync.sharesGradients() ? 0 : plan.training().optimizer().slots());
  }

  /** Outer momentum is there before a round and after it, what is frozen as blocks too. */
  private static long ownBytes(TrainingPlan plan, SyncSettings sync) {
    return STATES_OF_DRIVER * stateBytes(plan, plan.training().optimizer().slots())
        + 2 * frozenBytes(plan)
        + (sync.outer().remembers() ? 2 * stateBytes(plan, 0) : 0);
  }

  private static long stateBytes(TrainingPlan plan, long slots) {
    long values = (1 + slots) * plan.network().parameters() + plan.network().buffers();
    return Float.BYTES * values;
  }

  private static long frozenBytes(TrainingPlan plan) {
    return (long) Float.BYTES * plan.network().frozen().size();
  }

  private static long mebibytes(long bytes) {
    return ((bytes - 1) >> 20) + 1;
  }

  private static long withRoom(long bytes) {
    return mebibytes(bytes) * 5 / 4 + 1;
  }
}
