package dev.featuremap.serving;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.ImageDecoder;
import dev.featuremap.image.ImageFit;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.Resize;
import dev.featuremap.network.GradCam;
import dev.featuremap.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A trained network that classifies image files: PNG, JPEG, GIF and BMP.
 *
 * <pre>{@code
 * Classifier classifier = Classifier.load("published/photos");
 * List<Classification> classes = classifier.classify(Files.readAllBytes(Path.of("photo.jpg")));
 * System.out.println(classes.get(0).label() + " " + classes.get(0).probability());
 * }</pre>
 *
 * <p>Images are decoded, resized and normalized as in training, and probabilities are those of the
 * command {@code predict}, bit for bit. One instance serves all threads of a program. It works on
 * the calling threads, as many at once as there are processors; more wait. Up to 16 images of one
 * call cost as much as one, since they go through the network side by side.
 */
public final class Classifier {
  /** As {@code data.max-pixels} of the job. */
  private static final long MOST_PIXELS = 1 << 25;

  /** Images that are decoded before they go through the network. */
  private static final int BATCH = 256;

  private final ModelFile model;
  private final Predictors predictors;
  private final ImageFit fit;
  private final long maxPixels;
  private final List<String> labels;

  private Classifier(ModelFile model, Predictors predictors, Resize resize, long maxPixels) {
    this.model = model;
    this.predictors = predictors;
    this.fit = new ImageFit(model.plan().spec().input().shape(), resize);
    this.maxPixels = maxPixels;
    this.labels = labels(model);
  }

  private static List<String> labels(ModelFile model) {
    return IntStream.range(0, model.plan().classes())
        .mapToObj(k -> k < model.labels().size() ? model.labels().get(k) : Integer.toString(k))
        .toList();
  }

  /** The same as {@link #load(Path)}. */
  public static Classifier load(String path) throws IOException {
    return load(Path.of(path));
  }

  /**
   * Loads a model from a local disk.
   *
   * @param path a {@code model.safetensors}; a directory that holds one, such as a checkpoint or
   *     what Spark ML has saved; a run's directory, whose newest checkpoint is taken; or the
   *     directory of a published model, as it is for the newest version, or with {@code @3} or
   *     {@code @champion} behind it for another
   * @throws IOException if there is no such model, or if it is damaged
   */
  public static Classifier load(Path path) throws IOException {
    return of(StoredModel.find(path, false));
  }

  /**
   * Loads the checkpoint of a run that has the best accuracy.
   *
   * @param run the run's directory
   * @throws IOException if there is none, or if it is damaged
   */
  public static Classifier loadBest(Path run) throws IOException {
    return of(StoredModel.find(run, true));
  }

  /** A classifier of a model in memory, whose values must not change from here on. */
  public static Classifier of(ModelFile model) {
    return new Classifier(model, new Predictors(model), model.resize(), MOST_PIXELS);
  }

  /**
   * The same model with another way to bring images to the network's size. Models know theirs,
   * unless they were written before files recorded it.
   */
  public Classifier withResize(Resize resize) {
    return new Classifier(model, predictors, resize, maxPixels);
  }

  /** The same model with another limit on width times height of an image; 2^25 by default. */
  public Classifier withMaxPixels(long most) {
    return new Classifier(model, predictors, fit.resize(), most);
  }

  /** The names of the classes in order; numbers, where the model has no names. */
  public List<String> labels() {
    return labels;
  }

  /** The network's images: channels, height and width. */
  public Shape shape() {
    return fit.target();
  }

  /** How images of other sizes are brought to {@link #shape}. */
  public Resize resize() {
    return fit.resize();
  }

  /**
   * Classifies an image.
   *
   * @param image a file's bytes
   * @return all classes, the most probable one first
   * @throws UnusableImageException if it is no image, damaged, too large, or does not fit
   */
  public List<Classification> classify(byte[] image) {
    return classify(image, labels.size());
  }

  /**
   * Classifies an image, like {@link #classify(byte[])}.
   *
   * @param top how many classes are returned, at most all of them
   */
  public List<Classification> classify(byte[] image, int top) {
    return ranked(outputs(List.of(image), true), 0, top);
  }

  /** Classifies several images, like {@link #classify(byte[])}; the message numbers them from 0. */
  public List<List<Classification>> classify(List<byte[]> images) {
    return classify(images, labels.size());
  }

  /** Classifies several images, like {@link #classify(byte[], int)}. */
  public List<List<Classification>> classify(List<byte[]> images, int top) {
    Outputs outputs = outputs(images, false);
    return IntStream.range(0, images.size()).mapToObj(k -> ranked(outputs, k, top)).toList();
  }

  /**
   * The probabilities of all classes in the order of {@link #labels}.
   *
   * @param image a file's bytes
   * @throws UnusableImageException as {@link #classify(byte[])} does
   */
  public float[] probabilities(byte[] image) {
    return outputs(List.of(image), true).probabilities();
  }

  /** The probabilities of several images, like {@link #probabilities(byte[])}. */
  public List<float[]> probabilities(List<byte[]> images) {
    Outputs outputs = outputs(images, false);
    return IntStream.range(0, images.size())
        .mapToObj(k -> row(outputs.probabilities(), k))
        .toList();
  }

  /**
   * Shows which parts of an image speak for a class, by {@link GradCam} at the last layer with rows
   * and columns. Calls wait for each other.
   *
   * @param image a file's bytes
   * @param index of the class, as {@link Classification#index} has it
   * @return {@code [row, column]} of {@link #shape}, that is of the image as the network reads it:
   *     0 where nothing speaks for the class, and more where more does; empty if no layer of the
   *     network can tell, as in one of fully connected layers
   * @throws UnusableImageException as {@link #classify(byte[])} does
   * @throws IllegalArgumentException if there is no such class
   */
  public Optional<float[]> gradCam(byte[] image, int index) {
    return predictors.cam(pixels(image, "the image"), index);
  }

  /** Both are {@code [image, class]}. */
  private record Outputs(float[] logits, float[] probabilities) {}

  private Outputs outputs(List<byte[]> images, boolean single) {
    List<byte[]> files = List.copyOf(images);
    int classes = labels.size();
    Outputs outputs =
        new Outputs(
            new float[Math.multiplyExact(files.size(), classes)],
            new float[files.size() * classes]);
    for (int from = 0; from < files.size(); from += BATCH) {
      int count = Math.min(BATCH, files.size() - from);
      byte[] pixels = new byte[Math.multiplyExact(count, shape().size())];
      for (int k = 0; k < count; k++) {
        String name = single ? "the image" : "image " + (from + k);
        byte[] image = pixels(files.get(from + k), name);
        System.arraycopy(image, 0, pixels, k * image.length, image.length);
      }
      predict(pixels, count, outputs, from * classes);
    }
    return outputs;
  }

  private void predict(byte[] pixels, int count, Outputs outputs, int at) {
    ImageChunk chunk = new ImageChunk(shape(), new long[count], new int[count], pixels);
    float[] logits = new float[count * labels.size()];
    float[] probabilities = new float[logits.length];
    predictors.outputsInto(new MemoryShard(List.of(chunk)), logits, probabilities);
    System.arraycopy(logits, 0, outputs.logits(), at, logits.length);
    System.arraycopy(probabilities, 0, outputs.probabilities(), at, logits.length);
  }

  private byte[] pixels(byte[] file, String name) {
    Pixels image;
    try {
      image = new ImageDecoder(maxPixels, "the classifier", model.notes().upright()).decode(file);
    } catch (BadImageException e) {
      throw new UnusableImageException(
          "Cannot classify %s: %s.".formatted(name, e.getMessage()), e);
    }
    if (!fit.takes(image.shape())) {
      throw new UnusableImageException(
          "Cannot classify %s: the network takes images of %s, got %s. Say how they are resized, as in training: classifier.withResize(Resize.FIT)."
              .formatted(name, fit.target(), image.shape()));
    }
    return fit.apply(image).values();
  }

  private float[] row(float[] values, int image) {
    int classes = labels.size();
    return Arrays.copyOfRange(values, image * classes, (image + 1) * classes);
  }

  /** By logits, since probabilities of far ones may be equal; of equals, the first class first. */
  private List<Classification> ranked(Outputs outputs, int image, int top) {
    if (top < 1) {
      throw new IllegalArgumentException(
          "Cannot return the most probable %s classes: expected at least 1.".formatted(top));
    }
    float[] logits = row(outputs.logits(), image);
    float[] probabilities = row(outputs.probabilities(), image);
    List<Classification> classes = new ArrayList<>();
    IntStream.range(0, logits.length)
        .boxed()
        .sorted((a, b) -> descending(logits[a], logits[b]))
        .limit(top)
        .forEach(k -> classes.add(new Classification(k, labels.get(k), probabilities[k])));
    return List.copyOf(classes);
  }

  /** NaN comes last, and zeros of both signs are equal. */
  private static int descending(float a, float b) {
    return a == b ? 0 : Float.compare(keyOf(b), keyOf(a));
  }

  private static float keyOf(float logit) {
    return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
  }
}
