package dev.featuremap.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.format.ModelFile;
import dev.featuremap.image.BadImageException;
import dev.featuremap.image.Pixels;
import dev.featuremap.image.PngFile;
import dev.featuremap.image.Resize;
import dev.featuremap.kernel.KernelLookup;
import dev.featuremap.network.GradCam;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Specs;
import dev.featuremap.train.Predictor;
import dev.featuremap.train.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {
  private static final Shape SHAPE = new Shape(1, 6, 6);
  private static final String NETWORK =
      """
      input { shape = [1, 6, 6], mean = 0.3, deviation = 0.2 }
      layers = [
        { type = convolution, name = conv, field = 3, feature-maps = 4, padding = 1 }
        { type = batch-norm, name = bn }
        { type = relu }
        { type = max-pool, window = 2 }
        { type = fully-connected, name = output, outputs = 3 }
      ]
      """;

  private final ModelFile model = model(NETWORK, List.of("cat", "dog", "owl"));
  private final Classifier classifier = Classifier.of(model);

  @Test
  void ordersAllClassesByProbability() {
    List<Classification> classes = classifier.classify(png(1));

    assertThat(classes).extracting(Classification::label).containsOnlyOnce("cat", "dog", "owl");
    assertThat(classes.stream().mapToDouble(Classification::probability).sum())
        .isCloseTo(1, within(1e-6));
    assertThat(classes.get(0).probability()).isGreaterThan(classes.get(1).probability());
    assertThat(classes.get(1).probability()).isGreaterThan(classes.get(2).probability());
    float[] probabilities = classifier.probabilities(png(1));
    for (Classification one : classes) {
      assertThat(one.label()).isEqualTo(classifier.labels().get(one.index()));
      assertThat(one.probability()).isEqualTo(probabilities[one.index()]);
    }
  }

  @Test
  void givesAsManyClassesAsAreWanted() {
    List<Classification> all = classifier.classify(png(1));

    assertThat(classifier.classify(png(1), 2)).isEqualTo(all.subList(0, 2));
    assertThat(classifier.classify(png(1), 9)).isEqualTo(all);
    assertThat(classifier.classify(List.of(png(1)), 1)).containsExactly(all.subList(0, 1));
    assertThatThrownBy(() -> classifier.classify(png(1), 0))
        .hasMessage("Cannot return the most probable 0 classes: expected at least 1.");
  }

  @Test
  void ordersByLogitsWhereProbabilitiesAreEqual() {
    ModelFile saturated =
        model("loss = sigmoid-cross-entropy\n" + NETWORK, List.of("cat", "dog", "owl"));
    Arrays.fill(saturated.values(), 0f);
    System.arraycopy(
        new float[] {40, 50, 60}, 0, saturated.values(), saturated.plan().parameters() - 3, 3);

    List<Classification> classes = Classifier.of(saturated).classify(png(1));

    assertThat(classes).extracting(Classification::label).containsExactly("owl", "dog", "cat");
    assertThat(classes).extracting(Classification::probability).containsOnly(1f);
  }

  @Test
  void callsClassesByNumberWhereTheyHaveNoNames() {
    Classifier unnamed = Classifier.of(model(NETWORK, List.of()));

    assertThat(unnamed.labels()).containsExactly("0", "1", "2");
    assertThat(unnamed.classify(png(1)).get(0).index())
        .isEqualTo(classifier.classify(png(1)).get(0).index());
  }

  @Test
  void showsWhatSpeaksForAClass() {
    GradCam cam = GradCam.of(model.plan(), KernelLookup.kernels(), model.values()).orElseThrow();
    ModelFile dense =
        model(
            "input { shape = [1, 6, 6] }, layers = [{ type = fully-connected, outputs = 3 }]",
            List.of());

    for (int index = 0; index < 3; index++) {
      assertThat(classifier.gradCam(png(1), index).orElseThrow())
          .hasSize(36)
          .containsExactly(cam.overImage(cam.map(pixels(1), index)));
    }
    assertThat(Classifier.of(dense).gradCam(png(1), 2)).isEmpty();
    assertThatThrownBy(() -> classifier.gradCam(png(1), 3))
        .hasMessage("Cannot explain class 3: expected 0 to 2.");
    assertThatThrownBy(() -> classifier.gradCam(new byte[] {1, 2, 3}, 0))
        .isInstanceOf(UnusableImageException.class);
  }

  @Test
  void givesTheBitsOfThePredictor() throws Exception {
    int images = 40;
    byte[] pixels = new byte[images * SHAPE.size()];
    for (int k = 0; k < images; k++) {
      System.arraycopy(pixels(k), 0, pixels, k * SHAPE.size(), SHAPE.size());
    }
    ImageChunk chunk = new ImageChunk(SHAPE, new long[images], new int[images], pixels);
    float[] probabilities = new float[images * 3];
    try (Team team = new Team(2)) {
      new Predictor(model.plan(), KernelLookup.kernels(), model.values(), team)
          .outputsInto(
              new MemoryShard(List.of(chunk)), new float[probabilities.length], probabilities);
    }

    for (int k = 0; k < images; k++) {
      assertThat(classifier.probabilities(png(k)))
          .containsExactly(Arrays.copyOfRange(probabilities, 3 * k, 3 * k + 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 300})
  void givesTheSameBitsForManyImagesAtOnce(int images) {
    List<byte[]> files = IntStream.range(0, images).mapToObj(ClassifierTest::png).toList();

    List<float[]> probabilities = classifier.probabilities(files);
    List<List<Classification>> classes = classifier.classify(files);

    assertThat(probabilities).hasSize(images);
    assertThat(classes).hasSize(images);
    for (int k = 0; k < images; k++) {
      assertThat(probabilities.get(k)).containsExactly(classifier.probabilities(files.get(k)));
      assertThat(classes.get(k)).isEqualTo(classifier.classify(files.get(k)));
    }
  }

  @Test
  void servesManyThreadsAtOnce() {
    List<List<Classification>> alone =
        IntStream.range(0, 20).mapToObj(k -> classifier.classify(png(k))).toList();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int t = 0; t < 12; t++) {
      int shift = t;
      Thread thread =
          new Thread(
              () -> {
                for (int round = 0; round < 100; round++) {
                  int k = (round + shift) % 20;
                  assertThat(classifier.classify(png(k))).isEqualTo(alone.get(k));
                }
              });
      thread.setUncaughtExceptionHandler(
          (failed, failure) -> {
            synchronized (failures) {
              failures.add(failure);
            }
          });
      threads.add(thread);
      thread.start();
    }
    threads.forEach(ClassifierTest::join);

    assertThat(failures).isEmpty();
  }

  @Test
  void saysWhatIsNoImage() {
    assertThatThrownBy(() -> classifier.classify(new byte[] {'%', 'P', 'D', 'F', '-'}))
        .isInstanceOf(UnusableImageException.class)
        .hasMessage(
            "Cannot classify the image: it is a PDF file; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read.");
    assertThatThrownBy(() -> classifier.classify(List.of(png(0), new byte[0])))
        .hasMessage("Cannot classify image 1: it is empty.");
    assertThat(classifier.classify(png(0))).as("afterwards").hasSize(3);
  }

  @Test
  void refusesOtherSizesUnlessTheyAreResized() {
    byte[] larger = png(new Shape(3, 12, 24), 5);

    assertThatThrownBy(() -> classifier.probabilities(larger))
        .isInstanceOf(UnusableImageException.class)
        .hasMessage(
            "Cannot classify the image: the network takes images of [1, 6, 6], got [3, 12, 24]. Say how they are resized, as in training: classifier.withResize(Resize.FIT).");
    float[] fitted = classifier.withResize(Resize.FIT).probabilities(larger);
    assertThat(fitted).isNotEqualTo(classifier.withResize(Resize.CROP).probabilities(larger));
    Classifier knowing = Classifier.of(model.resizing(Resize.FIT));
    assertThat(knowing.resize()).isEqualTo(Resize.FIT);
    assertThat(knowing.probabilities(larger)).containsExactly(fitted);
  }

  @Test
  void refusesImagesOfTooManyPixels() {
    Classifier limited = classifier.withResize(Resize.CROP).withMaxPixels(100);

    assertThat(limited.classify(png(new Shape(1, 10, 10), 1))).hasSize(3);
    assertThatThrownBy(() -> limited.classify(png(new Shape(1, 10, 11), 1)))
        .hasMessage(
            "Cannot classify the image: its head declares 11x10 = 110 pixels, the classifier allows 100.");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ModelFile model(String network, List<String> labels) {
    float[] values = Specs.plan(network).initialState(7, 0);
    return ModelFile.of(network, labels, values);
  }

  private static byte[] pixels(int seed) {
    return pixels(SHAPE, seed);
  }

  private static byte[] pixels(Shape shape, int seed) {
    byte[] pixels = new byte[shape.size()];
    for (int p = 0; p < pixels.length; p++) {
      pixels[p] = (byte) (((p + 3L) * (seed * 31L + 7) * 0x9e3779b1L) >>> 13);
    }
    return pixels;
  }

  private static byte[] png(int seed) {
    return png(SHAPE, seed);
  }

  private static byte[] png(Shape shape, int seed) {
    try {
      return PngFile.encode(new Pixels(shape, pixels(shape, seed)));
    } catch (BadImageException e) {
      throw new IllegalStateException(e);
    }
  }
}
