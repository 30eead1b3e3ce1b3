package dev.featuremap.job.models.prediction;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.image.BadImageException;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Sends images through a network, up to {@value #BATCH_SIZE} at a time, fewer where much comes out
 * of each, and holds no more of them.
 *
 * @param <I> what an image is read from
 * @param <O> what becomes of it
 */
public final class BatchPredictor<I, O> {
  private static final int BATCH_SIZE = 256;

  /** What comes out of a batch: 64 MB. */
  private static final int MOST_VALUES = 1 << 24;

  private final Predictor predictor;
  private final Form<I, O> form;
  private final Shape shape;
  private final boolean isCut;
  private final int outputs;
  private final int batchSize;
  private byte[] pixels = {};
  private float[] logits = {};
  private float[] probabilities = {};

  /** Reads inputs and makes outputs. */
  public interface Form<I, O> {

    /**
     * The pixels of an image as the network takes it, {@code [channel, row, column]}.
     *
     * @throws BadImageException if it is no image
     */
    byte[] pixels(I input) throws BadImageException;

    /**
     * What becomes of an image; the arrays may be kept.
     *
     * @param logits one for each class; of a cut network, its output
     * @param probabilities one for each class; empty for a cut network
     */
    O output(I input, float[] logits, float[] probabilities);

    /** What becomes of an input that is no image, told right after its {@link #pixels}. */
    O failed(I input, BadImageException why);
  }

  /**
   * A predictor.
   *
   * @param model parameters, then buffers
   * @param team the threads, which outlive this predictor
   */
  public BatchPredictor(NetworkPlan plan, float[] model, Team team, Form<I, O> form) {
    this(plan, model, team, form, false);
  }

  private BatchPredictor(
      NetworkPlan plan, float[] model, Team team, Form<I, O> form, boolean isCut) {
    this.predictor = new Predictor(plan, KernelLookup.kernels(), model, team);
    this.form = form;
    this.shape = plan.spec().input().shape();
    this.isCut = isCut;
    this.outputs = plan.output().size();
    int blocks = Math.min(BATCH_SIZE, MOST_VALUES / outputs) / Lanes.COUNT;
    this.batchSize = Math.max(1, blocks) * Lanes.COUNT;
  }

  /**
   * What gives the output of a layer, and computes nothing above it.
   *
   * @param layer see {@link NetworkPlan#upTo}
   */
  public static <I, O> BatchPredictor<I, O> ofFeatures(
      NetworkPlan plan, String layer, float[] model, Team team, Form<I, O> form) {
    return new BatchPredictor<>(plan.upTo(layer), model, team, form, true);
  }

  /** The output of each input; of a batch, those that are no images come first. */
  public Iterator<O> of(Iterator<I> inputs) {
    return new Iterator<>() {
      private Iterator<O> batch = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return batch.hasNext() || inputs.hasNext();
      }

      @Override
      public O next() {
        if (!hasNext()) {
          throw new NoSuchElementException("All images are predicted.");
        }
        if (!batch.hasNext()) {
          batch = predict(nextBatch(inputs)).iterator();
        }
        return batch.next();
      }
    };
  }

  private List<I> nextBatch(Iterator<I> inputs) {
    List<I> batch = new ArrayList<>();
    while (batch.size() < batchSize && inputs.hasNext()) {
      batch.add(inputs.next());
    }
    return batch;
  }

  private List<O> predict(List<I> inputs) {
    reserve(inputs.size());
    List<O> results = new ArrayList<>(inputs.size());
    List<I> images = new ArrayList<>(inputs.size());
    for (I input : inputs) {
      try {
        byte[] image = form.pixels(input);
        System.arraycopy(image, 0, pixels, images.size() * shape.size(), shape.size());
        images.add(input);
      } catch (BadImageException e) {
        results.add(form.failed(input, e));
      }
    }
    if (!images.isEmpty()) {
      run(shard(images.size()));
    }
    for (int image = 0; image < images.size(); image++) {
      float[] likely = isCut ? probabilities : row(probabilities, image);
      results.add(form.output(images.get(image), row(logits, image), likely));
    }
    return results;
  }

  private void run(MemoryShard images) {
    if (isCut) {
      predictor.featuresInto(images, logits);
    } else {
      predictor.outputsInto(images, logits, probabilities);
    }
  }

  private void reserve(int images) {
    if (logits.length < images * outputs) {
      pixels = new byte[Math.multiplyExact(images, shape.size())];
      logits = new float[Math.multiplyExact(images, outputs)];
      probabilities = new float[isCut ? 0 : logits.length];
    }
  }

  /** The first pixels as images, of which ids and labels play no part. */
  private MemoryShard shard(int images) {
    int bytes = images * shape.size();
    // The predictor is done with them when the next batch comes.
    byte[] live = bytes == pixels.length ? pixels : Arrays.copyOf(pixels, bytes);
    return new MemoryShard(List.of(new ImageChunk(shape, new long[images], new int[images], live)));
  }

  private float[] row(float[] all, int image) {
    return Arrays.copyOfRange(all, image * outputs, (image + 1) * outputs);
  }
}
