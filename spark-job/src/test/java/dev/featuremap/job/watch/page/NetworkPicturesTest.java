package dev.featuremap.job.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkPicturesTest {

  @Test
  void paintsWeightsAroundGrey() throws IOException {
    NetworkPlan plan =
        plan("[1, 3, 3]", "{ type = convolution, name = conv1, feature-maps = 1, field = 2 }");
    float[] model = new float[plan.parameters()];
    model[0] = 0.5f;
    model[1] = -0.25f;
    PageData page = page(plan);

    new NetworkPictures(plan, model).filters().ifPresent(page::filters);

    JsonNode filters = json(page).get("filters");
    assertThat(filters.get("name").textValue()).isEqualTo("conv1.weight");
    assertThat(filters.get("shape")).hasToString("[1,2,2]");
    assertThat(filters.get("pixels").binaryValue())
        .containsExactly((byte) 255, (byte) 64, (byte) 128, (byte) 128);
  }

  @Test
  void paintsTheWeightsOfAFullyConnectedLayerAsImages() throws IOException {
    NetworkPlan plan = plan("[1, 3, 3]", "{ type = fully-connected, outputs = 7 }");
    PageData page = page(plan);

    new NetworkPictures(plan, plan.initialState(1, 0)).filters().ifPresent(page::filters);

    assertThat(json(page).get("filters").get("shape")).hasToString("[1,3,3]");
    assertThat(json(page).get("filters").get("pixels").binaryValue()).hasSize(7 * 9);
  }

  @Test
  void paintsNoWeightsThatReadNoImage() throws IOException {
    NetworkPlan plan =
        plan("[2, 3, 3]", "{ type = convolution, name = conv1, feature-maps = 1, field = 2 }");
    PageData page = page(plan);

    new NetworkPictures(plan, plan.initialState(1, 0)).filters().ifPresent(page::filters);

    assertThat(json(page).has("filters")).isFalse();
  }

  @Test
  void stretchesEachMapFromBlackToWhite() throws IOException {
    NetworkPlan plan =
        plan(
            "[1, 3, 3]",
            "{ type = convolution, name = conv1, feature-maps = 20, field = 1, padding = 0 }");
    PageData page = page(plan);
    byte[] image = {0, 1, 2, 3, 4, 5, 6, 7, (byte) 200};

    new NetworkPictures(plan, plan.initialState(1, 0)).addMaps(page, List.of(image, image));

    JsonNode maps = json(page).get("maps").get(0);
    assertThat(maps.get("name").textValue()).isEqualTo("conv1");
    assertThat(maps.get("of").intValue()).isEqualTo(20);
    assertThat(maps.get("shape")).hasToString("[16,3,3]");
    assertThat(maps.get("images")).hasSize(2);
    byte[] pixels = maps.get("images").get(0).binaryValue();
    assertThat(pixels).hasSize(16 * 9);
    for (int map = 0; map < 16; map++) {
      // The darkest and the brightest pixel of the image are so in a map, or the other way round.
      assertThat(List.of(pixels[9 * map], pixels[9 * map + 8]))
          .containsExactlyInAnyOrder((byte) 0, (byte) 255);
    }
  }

  /** One map, which the weight of 2 makes speak for the first class and against the second. */
  @Test
  void paintsWhatSpeaksForAClassFromZeroToTheLargestValue() throws IOException {
    NetworkPlan plan =
        plan(
            "[1, 2, 2]",
            "{ type = convolution, name = conv1, feature-maps = 1, field = 1 }, { type = global-average-pool }");
    float[] model = {1, 0, 2, -2, 0, 0};
    PageData page = page(plan);

    new NetworkPictures(plan, model)
        .addCams(
            page,
            List.of(new byte[] {0, 20, 40, 100}, new byte[] {1, 1, 1, 2}),
            List.of(new int[] {0, 1}, new int[] {1, 0}),
            Long.MAX_VALUE);

    JsonNode cams = json(page).get("cams");
    assertThat(cams.get("layer").textValue()).isEqualTo("conv1");
    assertThat(cams.get("shape")).hasToString("[2,2]");
    assertThat(cams.at("/mistakes/0/0").binaryValue()).containsExactly(0, 51, 102, (byte) 255);
    assertThat(cams.at("/mistakes/0/1").binaryValue()).containsExactly(0, 0, 0, 0);
    assertThat(cams.at("/mistakes/1/1").binaryValue())
        .containsExactly((byte) 128, (byte) 128, (byte) 128, (byte) 255);
  }

  @Test
  void paintsTheMeansOfALargeMap() throws IOException {
    NetworkPlan plan =
        plan(
            "[1, 1, 65]",
            "{ type = convolution, name = conv1, feature-maps = 1, field = 1 }, { type = global-average-pool }");
    byte[] image = new byte[65];
    image[0] = 60;
    image[64] = 10;
    PageData page = page(plan);

    new NetworkPictures(plan, new float[] {1, 0, 2, -2, 0, 0})
        .addCams(page, List.of(image), List.of(new int[] {0, 1}), Long.MAX_VALUE);

    // Columns 0 to 2 have a mean of 20, and the last two one of 5.
    byte[] map = json(page).at("/cams/mistakes/0/0").binaryValue();
    assertThat(json(page).at("/cams/shape")).hasToString("[1,22]");
    assertThat(map).hasSize(22).startsWith((byte) 255, (byte) 0).endsWith(0, 64);
  }

  @Test
  void paintsNothingOfWhatNoLayerTellsOrMemoryIsTooSmallFor() throws IOException {
    String pool = "{ type = global-average-pool }";
    String conv = "{ type = convolution, name = conv1, feature-maps = 1, field = 1 }, " + pool;
    List<int[]> classes = List.of(new int[] {0, 1});

    for (String layer : List.of(pool, conv)) {
      NetworkPlan plan = plan("[1, 2, 2]", layer);
      PageData page = page(plan);
      NetworkPictures pictures = new NetworkPictures(plan, plan.initialState(1, 0));
      pictures.addCams(page, List.of(new byte[4]), classes, layer.equals(pool) ? 1 << 20 : 100);
      pictures.addCams(page, List.of(), List.of(), 1 << 20);

      assertThat(json(page).has("cams")).isFalse();
    }
  }

  private static PageData page(NetworkPlan plan) {
    PageData page = new PageData("run", plan, "");
    page.clearPictures();
    return page;
  }

  private static NetworkPlan plan(String shape, String layer) {
    return NetworkPlan.of(
        NetworkSpec.parse(
            "input { shape = %s, mean = 0, deviation = 1 }, layers = [%s, { type = fully-connected, name = out, outputs = 2 }], loss = softmax-cross-entropy"
                .formatted(shape, layer)));
  }

  private static JsonNode json(PageData page) throws IOException {
    return new ObjectMapper().readTree(page.json());
  }
}
