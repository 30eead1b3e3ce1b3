package dev.featuremap.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImageChunk;
import dev.featuremap.data.LaneBlock;
import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Normalization;
import dev.featuremap.data.Shard;
import dev.featuremap.spec.Options;
import dev.featuremap.tensor.Lanes;
import dev.featuremap.tensor.Shape;
import dev.featuremap.testing.Allocations;
import dev.featuremap.testing.Defaults;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmenterTest {
  private static final int SIDE = 15;
  private static final Shape GREY = new Shape(1, SIDE, SIDE);
  private static final Shape COLOURED = new Shape(3, SIDE, SIDE);
  private static final String ALL =
      "shift = 2, flip = true, rotate = 20, scale = 0.2, elastic = 1, brightness = 0.3,"
          + " contrast = 0.3, saturation = 0.3, erase = 0.5";
  private static final String RECIPE =
      "crop-scale = [0.3, 1], flip = true, flip-vertical = true, policy = rand-augment,"
          + " policy-operations = 3, hue = 0.1, grey = 0.3, blur = 0.5";

  @Test
  void leavesImagesAloneByDefault() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
    float[] before = block.pixels().clone();

    augmenter("", COLOURED).apply(block, 3);

    assertThat(block.pixels()).isEqualTo(before);
    assertThat(block.targets().shares()).containsOnly(1f);
  }

  @Test
  void shiftsByEveryWholeDistanceOverBlack() {
    Set<List<Integer>> shifts = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      LaneBlock block = load(GREY, AugmenterTest::noise, 16);
      float[] before = block.pixels().clone();
      augmenter("shift = 1", GREY).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        shifts.add(shiftOf(before, block.pixels(), lane));
      }
    }
    assertThat(shifts).hasSize(9);
  }

  /** The only shift of up to a pixel that explains what became of a lane. */
  private static List<Integer> shiftOf(float[] before, float[] after, int lane) {
    List<List<Integer>> found = new ArrayList<>();
    for (int rows = -1; rows <= 1; rows++) {
      for (int columns = -1; columns <= 1; columns++) {
        boolean explains = true;
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            boolean inside =
                y - rows >= 0 && y - rows < SIDE && x - columns >= 0 && x - columns < SIDE;
            float expected = inside ? at(before, 0, y - rows, x - columns, lane) : black(0);
            explains &= at(after, 0, y, x, lane) == expected;
          }
        }
        if (explains) {
          found.add(List.of(rows, columns));
        }
      }
    }
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void mirrorsHalfOfTheImages() {
    int mirrored = 0;
    for (int epoch = 0; epoch < 40; epoch++) {
      LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
      float[] before = block.pixels().clone();
      augmenter("flip = true", COLOURED).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        boolean changed = at(block.pixels(), 1, 3, 2, lane) != at(before, 1, 3, 2, lane);
        int source = changed ? SIDE - 1 - 2 : 2;
        assertThat(at(block.pixels(), 1, 3, 2, lane)).isEqualTo(at(before, 1, 3, source, lane));
        mirrored += changed ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(270, 370); // 320 of 640, give or take four deviations
  }

  /** On a slope the difference of neighbours is the projection of the slope. */
  @Test
  void turnsAndScalesAroundTheCentre() {
    LaneBlock block = load(GREY, AugmenterTest::slope, 16);
    float centre = at(block.pixels(), 0, 7, 7, 0);
    float step = at(block.pixels(), 0, 7, 8, 0) - centre;

    augmenter("rotate = 30, scale = 0.25", GREY).apply(block, 0);

    Set<Float> angles = new HashSet<>();
    for (int lane = 0; lane < 16; lane++) {
      float[] pixels = block.pixels();
      double cos = (at(pixels, 0, 7, 8, lane) - at(pixels, 0, 7, 7, lane)) / step;
      double sin = (at(pixels, 0, 8, 7, lane) - at(pixels, 0, 7, 7, lane)) / step;
      assertThat(at(pixels, 0, 7, 7, lane)).isCloseTo(centre, within(1e-5f));
      assertThat(StrictMath.hypot(sin, cos)).isBetween(1 / 1.2501, 1 / 0.7499);
      assertThat(StrictMath.toDegrees(StrictMath.atan2(sin, cos))).isBetween(-30.01, 30.01);
      angles.add((float) (sin / cos));
    }
    assertThat(angles).hasSize(16);
  }

  @Test
  void distortsByNoMoreThanTheGivenPixels() {
    LaneBlock block = load(GREY, AugmenterTest::slope, 16);
    float[] before = block.pixels().clone();
    float step = at(before, 0, 7, 8, 0) - at(before, 0, 7, 7, 0);

    augmenter("elastic = 2", GREY).apply(block, 0);

    float furthest = 0;
    for (int y = 2; y < SIDE - 2; y++) {
      for (int x = 2; x < SIDE - 2; x++) {
        for (int lane = 0; lane < 16; lane++) {
          float moved = at(block.pixels(), 0, y, x, lane) - at(before, 0, y, x, lane);
          furthest = Math.max(furthest, Math.abs(moved / step));
        }
      }
    }
    assertThat(furthest).isBetween(1f, 2.001f);
  }

  @Test
  void changesBrightnessByOneFactorAnImage() {
    LaneBlock block = load(GREY, AugmenterTest::slope, 16);
    float[] before = block.pixels().clone();

    augmenter("brightness = 0.4", GREY).apply(block, 0);

    Set<Float> factors = new HashSet<>();
    for (int lane = 0; lane < 16; lane++) {
      float factor = raw(block.pixels(), 0, 7, 7, lane) / raw(before, 0, 7, 7, lane);
      float other = raw(block.pixels(), 0, 2, 5, lane) / raw(before, 0, 2, 5, lane);
      assertThat(factor).isBetween(0.599f, 1.401f).isCloseTo(other, within(1e-4f));
      factors.add(factor);
    }
    assertThat(factors).hasSize(16);
  }

  @Test
  void changesContrastAroundTheMeanGrey() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
    double before = meanGrey(block.pixels(), 5);
    double spread = spread(block.pixels(), 5);

    augmenter("contrast = 0.2", COLOURED).apply(block, 0);

    assertThat(meanGrey(block.pixels(), 5)).isCloseTo(before, within(2e-2)); // cut at 0 and 1
    assertThat(spread(block.pixels(), 5) / spread).isBetween(0.79, 1.21).isNotEqualTo(1.0);
  }

  @Test
  void changesSaturationAroundEachPixelsGrey() {
    LaneBlock block = load(COLOURED, AugmenterTest::pale, 16);
    float[] before = block.pixels().clone();

    augmenter("saturation = 0.5", COLOURED).apply(block, 0);

    for (int lane = 0; lane < 16; lane++) {
      assertThat(grey(block.pixels(), 4, 9, lane))
          .isCloseTo(grey(before, 4, 9, lane), within(1e-5));
      assertThat(raw(block.pixels(), 0, 4, 9, lane)).isNotEqualTo(raw(before, 0, 4, 9, lane));
    }
  }

  @Test
  void erasesARectangle() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);

    augmenter("erase = 1", COLOURED).apply(block, 0);

    for (int lane = 0; lane < 16; lane++) {
      int erased = 0;
      int top = SIDE;
      int bottom = -1;
      int left = SIDE;
      int right = -1;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          if (at(block.pixels(), 0, y, x, lane) == 0 && at(block.pixels(), 2, y, x, lane) == 0) {
            erased++;
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            left = Math.min(left, x);
            right = Math.max(right, x);
          }
        }
      }
      assertThat(erased).isEqualTo((bottom - top + 1) * (right - left + 1));
      assertThat((double) erased / (SIDE * SIDE)).isBetween(0.01, 0.4);
    }
  }

  @Test
  void mirrorsHalfOfTheImagesTopToBottom() {
    int mirrored = 0;
    for (int epoch = 0; epoch < 40; epoch++) {
      LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
      float[] before = block.pixels().clone();
      augmenter("flip-vertical = true", COLOURED).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        boolean changed = at(block.pixels(), 1, 3, 2, lane) != at(before, 1, 3, 2, lane);
        int source = changed ? SIDE - 1 - 3 : 3;
        assertThat(at(block.pixels(), 1, 3, 2, lane)).isEqualTo(at(before, 1, source, 2, lane));
        mirrored += changed ? 1 : 0;
      }
    }
    assertThat(mirrored).isBetween(270, 370); // 320 of 640, give or take four deviations
  }

  @Test
  void mirrorsTopToBottomWherePixelsMoveByFractions() {
    LaneBlock block = load(GREY, (image, c, y, x) -> 40 + 8 * y, 16);
    float step = at(block.pixels(), 0, 8, 7, 0) - at(block.pixels(), 0, 7, 7, 0);

    augmenter("flip-vertical = true, scale = 1e-6", GREY).apply(block, 0);

    Set<Long> directions = new HashSet<>();
    for (int lane = 0; lane < 16; lane++) {
      float difference = at(block.pixels(), 0, 8, 7, lane) - at(block.pixels(), 0, 7, 7, lane);
      directions.add(Math.round((double) difference / step));
    }
    assertThat(directions).containsExactlyInAnyOrder(-1L, 1L);
  }

  /** On slopes the difference of neighbours tells how far a crop was enlarged. */
  @Test
  void cropsOfTheAskedAreaAndAspectTakeThePlaceOfImages() {
    double step = 8 / 255.0 / 0.25;
    Set<Double> aspects = new HashSet<>();
    for (int epoch = 0; epoch < 8; epoch++) {
      LaneBlock wide = load(GREY, AugmenterTest::slope, 16);
      LaneBlock tall = load(GREY, (image, c, y, x) -> 40 + 8 * y, 16);
      Augmenter augmenter = augmenter("crop-scale = [0.4, 0.6], crop-aspect = [0.5, 2]", GREY);
      augmenter.apply(wide, epoch);
      augmenter.apply(tall, epoch);
      for (int lane = 0; lane < 16; lane++) {
        double columns =
            (at(wide.pixels(), 0, 7, 8, lane) - at(wide.pixels(), 0, 7, 7, lane)) / step;
        double rows = (at(tall.pixels(), 0, 8, 7, lane) - at(tall.pixels(), 0, 7, 7, lane)) / step;
        assertThat(columns * rows).isBetween(0.34, 0.67); // sides are whole pixels
        assertThat(columns / rows).isBetween(0.45, 2.2);
        aspects.add((double) Math.round(100 * columns / rows));
      }
    }
    assertThat(aspects).hasSizeGreaterThan(15);
  }

  @Test
  void takesTheMiddleWhereNoCropFits() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
    float[] before = block.pixels().clone();

    augmenter("crop-scale = [0.99, 1], crop-aspect = [3, 4]", COLOURED).apply(block, 0);

    for (int lane = 0; lane < 16; lane++) { // 5 of 15 rows from row 5 on, each three times as high
      assertThat(at(block.pixels(), 1, 7, 4, lane)).isEqualTo(at(before, 1, 7, 4, lane));
      assertThat(at(block.pixels(), 1, 1, 4, lane)).isEqualTo(at(before, 1, 5, 4, lane));
    }
  }

  @Test
  void randAugmentKeepsImagesThatOnlyTheIdentityMeets() {
    int kept = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
      LaneBlock before = load(COLOURED, AugmenterTest::noise, 16);
      augmenter("policy = trivial-augment", COLOURED).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        kept += lane(block, lane).equals(lane(before, lane)) ? 1 : 0;
      }
    }
    assertThat(kept).isBetween(15, 80); // 1 in 14 is the identity; weak bins keep some more
  }

  @Test
  void policiesGiveBytesOfTheImageBack() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
    Set<Float> bytes = new HashSet<>();
    for (int level = 0; level < 256; level++) {
      bytes.add(normalization(COLOURED).table(0)[level]);
    }

    augmenter("policy = rand-augment, policy-operations = 4", COLOURED).apply(block, 1);

    for (float value : block.pixels()) {
      assertThat(bytes).contains(value);
    }
  }

  @Test
  void blursTheAskedShareOfImages() {
    int blurred = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      LaneBlock block = load(GREY, AugmenterTest::noise, 16);
      LaneBlock before = load(GREY, AugmenterTest::noise, 16);
      augmenter("blur = 0.5, blur-deviation = [1, 2]", GREY).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        blurred += lane(block, lane).equals(lane(before, lane)) ? 0 : 1;
      }
    }
    assertThat(blurred).isBetween(124, 196); // 160 of 320, give or take four deviations
  }

  @Test
  void makesTheAskedShareOfImagesGrey() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);

    augmenter("grey = 1", COLOURED).apply(block, 0);

    for (int lane = 0; lane < 16; lane++) {
      assertThat(raw(block.pixels(), 0, 4, 9, lane))
          .isCloseTo(raw(block.pixels(), 2, 4, 9, lane), within(1e-6f));
    }
  }

  @Test
  void turnsHuesAndKeepsTheBrightestChannelsValue() {
    LaneBlock block = load(COLOURED, AugmenterTest::pale, 16);
    float[] before = block.pixels().clone();

    augmenter("hue = 0.5", COLOURED).apply(block, 0);

    Set<Float> reds = new HashSet<>();
    for (int lane = 0; lane < 16; lane++) {
      assertThat(brightest(block.pixels(), lane)).isCloseTo(brightest(before, lane), within(1e-5f));
      reds.add(raw(block.pixels(), 0, 4, 9, lane) - raw(before, 0, 4, 9, lane));
    }
    assertThat(reds).hasSizeGreaterThan(6);
  }

  private static float brightest(float[] pixels, int lane) {
    float most = 0;
    for (int c = 0; c < 3; c++) {
      most = Math.max(most, raw(pixels, c, 4, 9, lane));
    }
    return most;
  }

  @Test
  void pastesARectangleOfTheNextImageAndSharesTheLabelByItsArea() {
    Set<Integer> firsts = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      LaneBlock block = load(COLOURED, AugmenterTest::noise, 5);
      float[] before = block.pixels().clone();

      augmenter("cutmix = 1", COLOURED).apply(block, epoch);

      for (int lane = 0; lane < 5; lane++) {
        int next = (lane + 1) % 5;
        int own = 0;
        for (int at = 0; at < before.length / 3; at += Lanes.COUNT) {
          boolean isOwn = block.pixels()[at + lane] == before[at + lane];
          assertThat(block.pixels()[at + lane]).isEqualTo(before[at + (isOwn ? lane : next)]);
          own += isOwn ? 1 : 0;
        }
        boolean first = block.targets().classes()[lane] == lane;
        assertThat(block.targets().others()[lane]).isEqualTo(first ? next : lane);
        double share = (double) own / (SIDE * SIDE);
        assertThat((double) block.targets().shares()[lane])
            .isGreaterThanOrEqualTo(0.5)
            .isCloseTo(first ? share : 1 - share, within(0.02)); // some pixels are equal in both
        firsts.add(first ? 1 : 0);
      }
    }
    assertThat(firsts).hasSize(2);
  }

  @Test
  void drawsOneOfMixupAndCutmixForEachImage() {
    int cut = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
      float[] before = block.pixels().clone();
      augmenter("cutmix = 1, mixup = 1", COLOURED).apply(block, epoch);
      for (int lane = 0; lane < 16; lane++) {
        int next = (lane + 1) % 16;
        boolean copies = true;
        for (int at = 0; at < before.length; at += Lanes.COUNT) {
          float value = block.pixels()[at + lane];
          copies &= value == before[at + lane] || value == before[at + next];
        }
        cut += copies ? 1 : 0;
      }
    }
    assertThat(cut).isBetween(124, 196);
  }

  @Test
  void allocatesNothingForABlock() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
    Augmenter augmenter =
        augmenter(RECIPE + ", elastic = 1, brightness = 0.2, cutmix = 1", COLOURED);
    Augmenter older = augmenter(ALL + ", mixup = 1", COLOURED);

    assertThat(Allocations.leastOf(() -> augmenter.apply(block, 1))).isZero();
    assertThat(Allocations.leastOf(() -> older.apply(block, 1))).isZero();
  }

  @Test
  void mixesEachImageAndItsClassWithTheNext() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 5);
    float[] before = block.pixels().clone();

    augmenter("mixup = 0.4", COLOURED).apply(block, 0);

    for (int lane = 0; lane < 5; lane++) {
      int next = (lane + 1) % 5;
      float share = block.targets().shares()[lane];
      assertThat(share).isBetween(0.5f, 1f);
      assertThat(block.targets().classes()[lane]).isEqualTo(lane);
      assertThat(block.targets().others()[lane]).isEqualTo(next);
      assertThat(at(block.pixels(), 1, 6, 3, lane))
          .isCloseTo(
              share * at(before, 1, 6, 3, lane) + (1 - share) * at(before, 1, 6, 3, next),
              within(1e-5f));
    }
  }

  @Test
  void changesARecordAlikeInEveryLaneAndBlock() {
    LaneBlock whole = load(COLOURED, AugmenterTest::noise, 16);
    LaneBlock single = load(COLOURED, AugmenterTest::noise, 16);
    single.load(
        shard(COLOURED, AugmenterTest::noise, 16).pass(EpochOrder.sequential(), 11, 12), 11, 1);
    Augmenter augmenter = augmenter(ALL, COLOURED);

    augmenter.apply(whole, 2);
    augmenter.apply(single, 2);

    assertThat(lane(single, 0)).isEqualTo(lane(whole, 11));
  }

  @Test
  void aRecipeChangesARecordAlikeInEveryLaneAndBlock() {
    LaneBlock whole = load(COLOURED, AugmenterTest::noise, 16);
    LaneBlock single = load(COLOURED, AugmenterTest::noise, 16);
    single.load(
        shard(COLOURED, AugmenterTest::noise, 16).pass(EpochOrder.sequential(), 11, 12), 11, 1);
    Augmenter augmenter = augmenter(RECIPE, COLOURED);

    augmenter.apply(whole, 2);
    augmenter.apply(single, 2);

    assertThat(lane(single, 0)).isEqualTo(lane(whole, 11));
    for (int lane = 1; lane < 16; lane++) {
      assertThat(lane(single, lane)).containsOnly(0f);
    }
  }

  @Test
  void settingsOfWhatIsOffAreNoChange() {
    assertThat(
            read(
                "crop-aspect = [1, 1], policy-operations = 5, policy-magnitude = 3,"
                    + " blur-deviation = [1, 1]"))
        .isEqualTo(Augmentation.NONE);
  }

  @Test
  void changesARecordOtherwiseInEveryEpochAndUnderEverySeed() {
    Set<List<Float>> seen = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int seed = 0; seed < 3; seed++) {
        LaneBlock block = load(COLOURED, AugmenterTest::noise, 16);
        new Augmenter(read(ALL), COLOURED, normalization(COLOURED), seed).apply(block, epoch);
        seen.add(lane(block, 4));
      }
    }
    assertThat(seen).hasSize(9);
  }

  @Test
  void leavesUnusedLanesAtZero() {
    LaneBlock block = load(COLOURED, AugmenterTest::noise, 3);

    augmenter(ALL + ", mixup = 1", COLOURED).apply(block, 0);

    for (int lane = 3; lane < 16; lane++) {
      assertThat(lane(block, lane)).containsOnly(0f);
    }
  }

  @Test
  void namesSettingsThatAreOutOfRange() {
    List<String> problems = new ArrayList<>();
    Augmentation.read(
        Options.of(
            ConfigFactory.parseString(
                "shift = -1, rotate = 181, scale = 1, mixup = 2, flip = 3, crop-scale = [0, 1],"
                    + " crop-aspect = [2, 1], policy = auto-augment, policy-magnitude = 31,"
                    + " blur-deviation = 2, hue = 0.6, cutmix = -1"),
            Defaults.of("train.augment"),
            "train.augment",
            problems));

    assertThat(problems)
        .containsExactly(
            "Cannot use train.augment.crop-scale: expected two numbers from 0.001 to 1.0, the"
                + " smaller first, got [0,1].",
            "Cannot use train.augment.crop-aspect: expected two numbers from 0.01 to 100.0, the"
                + " smaller first, got [2,1].",
            "Cannot use train.augment.shift: expected an integer from 0 to 1024, got -1.",
            "Cannot use train.augment.flip: expected true or false, got 3.",
            "Cannot use train.augment.rotate: expected a number from 0 to 180, got 181.",
            "Cannot use train.augment.scale: expected a number from 0 to 0.9, got 1.",
            "Cannot use train.augment.hue: expected a number from 0 to 0.5, got 0.6.",
            "Cannot use train.augment.policy: expected one of none, rand-augment, trivial-augment,"
                + " got \"auto-augment\".",
            "Cannot use train.augment.policy-magnitude: expected an integer from 0 to 30, got 31.",
            "Cannot use train.augment.blur-deviation: expected two numbers from 0.01 to 16.0, the"
                + " smaller first, got 2.",
            "Cannot use train.augment.mixup: expected a number from 0 to 1, got 2.",
            "Cannot use train.augment.cutmix: expected a number from 0 to 1, got -1.");
  }

  private interface Picture {
    int pixel(int image, int c, int y, int x);
  }

  private static int noise(int image, int c, int y, int x) {
    return 1 + (image * 7919 + c * 104_729 + y * 1_299_709 + x * 15_485_863) % 254 & 0xFF;
  }

  private static int pale(int image, int c, int y, int x) {
    return 100 + (noise(image, c, y, x) & 63);
  }

  private static int slope(int image, int c, int y, int x) {
    return 40 + 8 * x;
  }

  private static Augmentation read(String settings) {
    List<String> problems = new ArrayList<>();
    Augmentation augmentation =
        Augmentation.read(
            Options.of(
                ConfigFactory.parseString(settings),
                Defaults.of("train.augment"),
                "augment",
                problems));
    assertThat(problems).isEmpty();
    return augmentation;
  }

  private static Augmenter augmenter(String settings, Shape shape) {
    return new Augmenter(read(settings), shape, normalization(shape), 1);
  }

  private static Normalization normalization(Shape shape) {
    return new Normalization(
        Collections.nCopies(shape.channels(), 0.4), Collections.nCopies(shape.channels(), 0.25));
  }

  private static LaneBlock load(Shape shape, Picture picture, int images) {
    LaneBlock block = new LaneBlock(shape, normalization(shape));
    block.load(shard(shape, picture, images).pass(EpochOrder.sequential(), 0, images), 0, images);
    return block;
  }

  /** Image {@code i} has record {@code 100 + i} and class {@code i}. */
  private static Shard shard(Shape shape, Picture picture, int images) {
    long[] records = new long[images];
    int[] labels = new int[images];
    byte[] pixels = new byte[images * shape.size()];
    int at = 0;
    for (int image = 0; image < images; image++) {
      records[image] = 100L + image;
      labels[image] = image;
      for (int c = 0; c < shape.channels(); c++) {
        for (int y = 0; y < SIDE; y++) {
          for (int x = 0; x < SIDE; x++) {
            pixels[at++] = (byte) picture.pixel(image, c, y, x);
          }
        }
      }
    }
    return new MemoryShard(List.of(new ImageChunk(shape, records, labels, pixels)));
  }

  private static float at(float[] pixels, int c, int y, int x, int lane) {
    return pixels[((c * SIDE + y) * SIDE + x) * Lanes.COUNT + lane];
  }

  private static float black(int channel) {
    return normalization(COLOURED).black(channel);
  }

  private static float raw(float[] pixels, int c, int y, int x, int lane) {
    Normalization normalization = normalization(COLOURED);
    float black = normalization.black(c);
    return (at(pixels, c, y, x, lane) - black) / (normalization.white(c) - black);
  }

  private static double grey(float[] pixels, int y, int x, int lane) {
    return 0.299 * raw(pixels, 0, y, x, lane)
        + 0.587 * raw(pixels, 1, y, x, lane)
        + 0.114 * raw(pixels, 2, y, x, lane);
  }

  private static double meanGrey(float[] pixels, int lane) {
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        sum += grey(pixels, y, x, lane);
      }
    }
    return sum / (SIDE * SIDE);
  }

  private static double spread(float[] pixels, int lane) {
    double mean = meanGrey(pixels, lane);
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        sum += Math.abs(grey(pixels, y, x, lane) - mean);
      }
    }
    return sum;
  }

  private static List<Float> lane(LaneBlock block, int lane) {
    List<Float> values = new ArrayList<>();
    for (int at = lane; at < block.pixels().length; at += Lanes.COUNT) {
      values.add(block.pixels()[at]);
    }
    return values;
  }
}
