package dev.featuremap.train;

import dev.featuremap.data.BlockSource;
import dev.featuremap.kernel.Kernels;
import dev.featuremap.layer.GradientSlots;
import dev.featuremap.loss.LossTally;
import dev.featuremap.loss.TrainingLoss;
import dev.featuremap.network.InputSpec;
import dev.featuremap.network.Network;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.LabelSets;
import dev.featuremap.tensor.Lanes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs mini-batches through a network with the threads of a {@link Team}.
 *
 * <p>Threads take groups of neighbouring blocks until none is left, so that a core which another
 * process uses holds nobody up. No result depends on who takes what: layers keep gradients by slot
 * or by image, and losses add up in the order of the blocks. A mini-batch allocates nothing.
 *
 * <p>All blocks pass a segment of the network before any enters the next, forward and backward; a
 * network without barriers has one segment, and each block goes through it and back at once.
 */
public final class BatchExecutor {
  /** Parameters of one layer, 1 MiB, from which several blocks share the loads of its weights. */
  private static final int LARGE_LAYER = 1 << 18;

  private static final int BLOCKS_TOGETHER = 4;

  /** Activations of blocks that go together, of which there are fewer where images are large. */
  private static final long TOGETHER_BYTES = 128 << 20;

  /** Parameters of a network from which threads share what is done once a mini-batch. */
  static final int LARGE_NETWORK = 1 << 16;

  private final Team team;
  private final ThreadPass[] passes;
  private final int groupBlocks;
  private final boolean largeNetwork;
  private final boolean trains;
  private final int barriers;
  private final LossTally[] tallies; // by block
  private final int[] labels; // by image
  private final int[] predictions; // by image
  private final float[] margins; // by image
  private final float[] probabilities; // by block, class and lane; empty where nobody asks
  private final int classes;
  private final AtomicInteger nextGroup = new AtomicInteger();
  private final Team.Task prepareTask = this::prepare;
  private final Team.Task passTask = this::pass;
  private final Team.Task finishTask = this::finish;

  private float[] parameters;
  private BlockSource source;
  private float[] gradient;
  private int blocks;
  private int phase;
  private int slotBlocks;
  private int slotsTogether;

  private BatchExecutor(
      NetworkPlan plan,
      Kernels kernels,
      int batchBlocks,
      boolean trains,
      boolean scores,
      TrainingLoss loss,
      Team team) {
    this.team = team;
    this.trains = trains;
    this.classes = plan.classes();
    long held = trains ? heldInTraining(plan) : plan.predictionBytes(1);
    groupBlocks = Math.min(blocksTogether(plan, held), batchBlocks);
    largeNetwork = (long) plan.parameters() + plan.frozen().parameters() >= LARGE_NETWORK;
    Network network = new Network(plan, kernels, trains ? batchBlocks : 0, groupBlocks);
    passes = new ThreadPass[team.threads()];
    barriers = network.barriers();
    InputSpec input = plan.spec().input();
    BatchImages shared = barriers > 0 ? BatchImages.ofBatch(input, batchBlocks) : null;
    for (int k = 0; k < passes.length; k++) {
      BatchImages images = shared == null ? BatchImages.ofGroup(input, groupBlocks) : shared;
      Network fork = k == 0 ? network : network.fork();
      passes[k] = new ThreadPass(plan, kernels, fork, groupBlocks, images, loss);
    }
    tallies = new LossTally[batchBlocks];
    for (int block = 0; block < batchBlocks; block++) {
      tallies[block] = new LossTally();
    }
    labels = new int[trains ? 0 : batchBlocks * Lanes.COUNT];
    predictions = new int[labels.length];
    margins = new float[labels.length];
    probabilities = new float[scores ? labels.length * classes : 0];
  }

  /** An executor that trains on mini-batches of up to {@code training.batchSize()} images. */
  public static BatchExecutor training(
      NetworkPlan plan, TrainingSpec training, Kernels kernels, Team team) {
    int blocks = blocksOf(training.batchSize());
    return new BatchExecutor(plan, kernels, blocks, true, false, training.loss(), team);
  }

  /** An executor that evaluates up to {@code batchSize} images at once. */
  public static BatchExecutor evaluating(
      NetworkPlan plan, Kernels kernels, int batchSize, Team team) {
    return new BatchExecutor(
        plan, kernels, blocksOf(batchSize), false, false, TrainingLoss.PLAIN, team);
  }

  /** The same, and {@link #probabilitiesInto} then tells of each image, too. */
  static BatchExecutor scoring(
      NetworkPlan plan, Kernels kernels, int batchSize, Optional<LabelSets> sets, Team team) {
    TrainingLoss loss = sets.map(TrainingLoss.PLAIN::over).orElse(TrainingLoss.PLAIN);
    return new BatchExecutor(plan, kernels, blocksOf(batchSize), false, true, loss, team);
  }

  /** Blocks that hold so many images. */
  public static int blocksOf(int images) {
    return (images + Lanes.COUNT - 1) / Lanes.COUNT;
  }

  /** Bytes that each block of a group adds: none where all blocks of the mini-batch are held. */
  private static long heldInTraining(NetworkPlan plan) {
    return plan.hasBarriers() ? 0 : plan.activationBytes(1);
  }

  /** Blocks that go through the layers of a network together to predict. */
  static int blocksTogether(NetworkPlan plan) {
    return blocksTogether(plan, plan.predictionBytes(1));
  }

  private static int blocksTogether(NetworkPlan plan, long bytes) {
    boolean shares = plan.layers().stream().anyMatch(layer -> layer.parameters() >= LARGE_LAYER);
    long fit = TOGETHER_BYTES / Math.max(1, bytes);
    return shares ? (int) Math.max(1, Math.min(BLOCKS_TOGETHER, fit)) : 1;
  }

  /**
   * Computes the gradient of the <em>sum</em> of the losses of a mini-batch.
   *
   * @param state starts with the parameters and ends with the buffers, not changed
   * @param batchBlocks blocks of the mini-batch
   * @param into one value per parameter, then the new buffers; overwritten
   * @param tally gets the losses and hits
   */
  public void gradient(
      long seed,
      int epoch,
      float[] state,
      BlockSource blockSource,
      int batchBlocks,
      float[] into,
      LossTally tally) {
    for (ThreadPass pass : passes) {
      pass.setTraining(seed, epoch);
    }
    gradient = into;
    run(state, blockSource, batchBlocks, tally);
    share(finishTask);
  }

  /**
   * Evaluates a batch by a vector as {@link #gradient} takes it; {@link #label} and {@link
   * #prediction} then tell of each image.
   */
  public void evaluate(float[] model, BlockSource blockSource, int batchBlocks, LossTally tally) {
    for (ThreadPass pass : passes) {
      pass.setEvaluating();
    }
    run(model, blockSource, batchBlocks, tally);
  }

  /** The class of an image of the batch evaluated last, or the number of its set of labels. */
  public int label(int image) {
    return labels[image];
  }

  /** The class predicted for an image of the batch evaluated last. */
  public int prediction(int image) {
    return predictions[image];
  }

  /** How far the logit of the predicted class is above that of the label; 0 where it is right. */
  public float margin(int image) {
    return margins[image];
  }

  /** Copies the probabilities of an image of the batch scored last to its row of {@code rows}. */
  void probabilitiesInto(int image, float[] rows) {
    int block = image / Lanes.COUNT * classes * Lanes.COUNT;
    for (int c = 0; c < classes; c++) {
      rows[image * classes + c] = probabilities[block + c * Lanes.COUNT + image % Lanes.COUNT];
    }
  }

  private void run(float[] vector, BlockSource blockSource, int batchBlocks, LossTally tally) {
    parameters = vector;
    source = blockSource;
    blocks = batchBlocks;
    slotBlocks = GradientSlots.blocksPerSlot(batchBlocks);
    int share = (GradientSlots.used(batchBlocks) + passes.length - 1) / passes.length;
    slotsTogether = Math.max(1, Math.min(share, groupBlocks / slotBlocks));
    share(prepareTask);
    for (phase = 0; phase <= 2 * barriers; phase++) {
      nextGroup.set(0);
      team.run(passTask);
      join();
    }
    for (int block = 0; block < batchBlocks; block++) {
      tally.add(tallies[block]);
    }
  }

  /** Runs a task of the whole network by all threads, or at once where waking them costs more. */
  private void share(Team.Task task) {
    if (largeNetwork) {
      team.run(task);
    } else {
      task.run(0, 1);
    }
  }

  private void prepare(int part, int parts) {
    passes[part].network().prepare(parameters, part, parts);
  }

  private void finish(int part, int parts) {
    passes[part].network().finishGradient(blocks, gradient, part, parts);
  }

  private void pass(int part, int parts) {
    for (int first = takeSlots(); first < blocks; first = takeSlots()) {
      int end = Math.min(first + slotsTogether * slotBlocks, blocks);
      for (int at = first; at < end; at += groupBlocks) {
        pass(passes[part], at, Math.min(groupBlocks, end - at));
      }
    }
  }

  private void pass(ThreadPass pass, int first, int count) {
    if (phase == 0) {
      pass.load(source, first, count);
    }
    pass.select(first, count, blocks);
    if (!trains) {
      pass.evaluate(parameters, first, tallies, labels, predictions, margins);
      pass.probabilitiesInto(first, probabilities);
    } else if (phase < barriers) {
      pass.forward(phase, parameters);
    } else if (phase == barriers) {
      pass.turn(parameters, first, tallies);
    } else {
      pass.backward(2 * barriers - phase, parameters);
    }
  }

  /** Joins what the blocks brought to the barrier behind this phase. */
  private void join() {
    Network network = passes[0].network();
    if (phase < barriers) {
      network.combine(phase, parameters, blocks);
    } else if (phase < 2 * barriers) {
      network.combineGradient(2 * barriers - phase, parameters, blocks);
    }
  }

  /**
   * The first block of the slots that the calling thread does next. Every other phase takes them
   * from the last to the first, as the last blocks of a phase are still in a cache.
   */
  private int takeSlots() {
    int taken = nextGroup.getAndIncrement();
    int groups = (blocks - 1) / (slotsTogether * slotBlocks) + 1;
    if (taken >= groups) {
      return blocks;
    }
    int group = phase % 2 == 0 ? taken : groups - 1 - taken;
    return group * slotsTogether * slotBlocks;
  }
}
