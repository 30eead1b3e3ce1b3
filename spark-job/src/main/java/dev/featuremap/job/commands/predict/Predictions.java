package dev.featuremap.job.commands.predict;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.job.images.decode.BadImageException;
import dev.featuremap.job.images.decode.ImageReading;
import dev.featuremap.job.images.source.SourceRecord;
import dev.featuremap.train.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/** Predicts records batch by batch; one that is no image becomes a row that says so. */
final class Predictions {
  private static final int BATCH_SIZE = 256;

  private final Predictor predictor;
  private final ImageReading reading;
  private final List<String> names;
  private final int classes;
  private final SourceRecord[] records = new SourceRecord[BATCH_SIZE];
  private final byte[] pixels;
  private final float[] probabilities;
  private final int[] largest = new int[BATCH_SIZE];

  /**
   * A way to predict.
   *
   * @param labels names of the classes in order; a class without a name has its number
   * @param classes outputs of the network
   */
  Predictions(Predictor predictor, ImageReading reading, List<String> labels, int classes) {
    this.predictor = predictor;
    this.reading = reading;
    this.names =
        IntStream.range(0, classes)
            .mapToObj(k -> k < labels.size() ? labels.get(k) : Integer.toString(k))
            .toList();
    this.classes = classes;
    this.pixels = new byte[Math.multiplyExact(BATCH_SIZE, reading.shape().size())];
    this.probabilities = new float[BATCH_SIZE * classes];
  }

  /** A row for each record. */
  Iterator<Prediction> of(Iterator<SourceRecord> source) {
    return new Iterator<>() {
      private Iterator<Prediction> batch = Collections.emptyIterator();

      @Override
      public boolean hasNext() {
        return batch.hasNext() || source.hasNext();
      }

      @Override
      public Prediction next() {
        if (!hasNext()) {
          throw new NoSuchElementException("All records are predicted.");
        }
        if (!batch.hasNext()) {
          batch = predict(source).iterator();
        }
        return batch.next();
      }
    };
  }

  private List<Prediction> predict(Iterator<SourceRecord> source) {
    List<Prediction> rows = new ArrayList<>();
    int size = reading.shape().size();
    int images = 0;
    while (images + rows.size() < BATCH_SIZE && source.hasNext()) {
      SourceRecord record = source.next();
      try {
        byte[] image = reading.pixels(record.id(), record.place(), record.content());
        System.arraycopy(image, 0, pixels, images * size, size);
        records[images++] = record;
      } catch (BadImageException e) {
        rows.add(Prediction.failed(record, e.getMessage()));
      }
    }
    if (images > 0) {
      predictor.probabilitiesInto(shard(images), probabilities, largest);
    }
    for (int image = 0; image < images; image++) {
      rows.add(row(image));
    }
    return rows;
  }

  private MemoryShard shard(int images) {
    long[] ids = new long[images];
    Arrays.setAll(ids, image -> records[image].id());
    // The predictor is done with them when the next batch comes.
    byte[] live =
        images == BATCH_SIZE ? pixels : Arrays.copyOf(pixels, images * reading.shape().size());
    return new MemoryShard(List.of(new ImageChunk(reading.shape(), ids, new int[images], live)));
  }

  private Prediction row(int image) {
    int prediction = largest[image];
    return Prediction.of(
        records[image],
        names.get(prediction),
        prediction,
        Arrays.copyOfRange(probabilities, image * classes, (image + 1) * classes));
  }
}
