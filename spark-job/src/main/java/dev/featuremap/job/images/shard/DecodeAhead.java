package dev.featuremap.job.images.shard;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.ImageView;
import dev.featuremap.tensor.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A pass whose images are decoded by threads of its own while others are trained on.
 *
 * <p>At most {@link #AHEAD_BYTES} of images, or a mini-batch and 16 images of the next, are decoded
 * at a time, the ones in use among them.
 */
final class DecodeAhead implements ImagePass {
  private static final int AHEAD_BYTES = 16 << 20;

  private final IntFunction<DecodedImage> decoder;
  private final EpochOrder order;
  private final int to;
  private final int imageBytes;
  private final int threads;
  private final List<Thread> started = new ArrayList<>();
  private DecodedImage[] ring; // image of a place at the place modulo the length
  private int next;
  private int first;
  private Throwable failure;
  private boolean closed;

  /**
   * A pass that starts to decode with its first mini-batch.
   *
   * @param decoder makes an image of the record at a position; called by all threads
   * @param from the first place of the pass
   * @param to the end of its places
   */
  DecodeAhead(
      IntFunction<DecodedImage> decoder,
      EpochOrder order,
      int from,
      int to,
      int imageBytes,
      int threads) {
    this.decoder = decoder;
    this.order = order;
    this.next = from;
    this.first = from;
    this.to = to;
    this.imageBytes = imageBytes;
    this.threads = threads;
  }

  @Override
  public synchronized void advance(int from, int count) {
    if (ring == null) {
      ring =
          new DecodedImage
              [Math.max(AHEAD_BYTES / imageBytes, count + Math.min(count, Lanes.COUNT))];
      start();
    }
    for (int place = first; place < from; place++) {
      ring[place % ring.length] = null;
    }
    first = from;
    notifyAll();
    for (int place = from; place < from + count; place++) {
      awaitPlace(place);
    }
  }

  private void start() {
    for (int k = 0; k < threads; k++) {
      Thread thread = new Thread(this::decodeAll, "decode-ahead-" + k);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
  }

  private synchronized void awaitPlace(int place) {
    try {
      while (ring[place % ring.length] == null && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Waiting for images was interrupted.", e);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (RuntimeException) failure;
    }
  }

  @Override
  public void find(int place, ImageView view) {
    DecodedImage image = image(place);
    view.show(image.pixels(), 0, image.label(), image.id());
  }

  /** The image of a place of the mini-batch. */
  synchronized DecodedImage image(int place) {
    return ring[place % ring.length];
  }

  private void decodeAll() {
    try {
      for (int place = take(); place >= 0; place = take()) {
        put(place, decoder.apply(order.position(place)));
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** The next place to decode, as soon as there is room for it; -1 when there is none. */
  private synchronized int take() throws InterruptedException {
    while (next < to && next - first >= ring.length && !isOver()) {
      wait();
    }
    return next < to && !isOver() ? next++ : -1;
  }

  private boolean isOver() {
    return closed || failure != null;
  }

  private synchronized void put(int place, DecodedImage image) {
    ring[place % ring.length] = image;
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  /** The threads that decode. */
  List<Thread> threads() {
    return List.copyOf(started);
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
