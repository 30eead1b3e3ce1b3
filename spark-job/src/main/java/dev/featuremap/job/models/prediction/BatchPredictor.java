package dev.featuremap.job.models.prediction;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.image.BadImageException;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.NetworkPlan;
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
 * Sends images through a network, up to {@value #BATCH_SIZE} at a time, and holds no more of them.
 *
 * @param <I> what an image is read from
 * @param <O> what becomes of it
 */
public final class BatchPredictor<I, O> {
  private static final int BATCH_SIZE = 256;

  private final Predictor predictor;
  private final Form<I, O> form;
  private final Shape shape;
  private final int classes;
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

    /** What becomes of an image; the arrays have a value for each class and may be kept. */
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
    this.predictor = new Predictor(plan, KernelLookup.kernels(), model, team);
    this.form = form;
    this.shape = plan.spec().input().shape();
    this.classes = plan.classes();
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
    while (batch.size() < BATCH_SIZE && inputs.hasNext()) {
      batch.add(inputs.next());
    }
    return batch;
  }

  private List<O> predict(List<I> inputs) {
    reserve(inputs.size());
    List<O> outputs = new ArrayList<>(inputs.size());
    List<I> images = new ArrayList<>(inputs.size());
    for (I input : inputs) {
      try {
        byte[] image = form.pixels(input);
        System.arraycopy(image, 0, pixels, images.size() * shape.size(), shape.size());
        images.add(input);
      } catch (BadImageException e) {
        outputs.add(form.failed(input, e));
      }
    }
    if (!images.isEmpty()) {
      predictor.outputsInto(shard(images.size()), logits, probabilities);
    }
    for (int image = 0; image < images.size(); image++) {
      outputs.add(form.output(images.get(image), row(logits, image), row(probabilities, image)));
    }
    return outputs;
  }

  private void reserve(int images) {
    if (logits.length < images * classes) {
      pixels = new byte[Math.multiplyExact(images, shape.size())];
      logits = new float[images * classes];
      probabilities = new float[images * classes];
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
    return Arrays.copyOfRange(all, image * classes, (image + 1) * classes);
  }
}
