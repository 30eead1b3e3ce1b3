package dev.featuremap.job.watch.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.featuremap.metric.ConfusionMatrix;
import dev.featuremap.network.NetworkPlan;
import dev.featuremap.network.NetworkSpec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageDataTest {
  private final PageData data =
      new PageData(
          "run",
          NetworkPlan.of(
              NetworkSpec.parse(
                  "input { shape = [1, 2, 2], mean = 0, deviation = 1 }, layers = [{ type = fully-connected, outputs = 2 }], loss = softmax-cross-entropy")),
          "");

  @Test
  void hasTheMatrixOfFewClasses() throws IOException {
    ConfusionMatrix confusion = new ConfusionMatrix(3);
    confusion.add(0, 0);
    confusion.add(1, 2);

    data.confusion(confusion, List.of("cat", "dog"));

    assertThat(json().get("classes")).hasToString("[\"cat\",\"dog\",\"2\"]");
    assertThat(json().get("confusion")).hasToString("[[1,0,0],[0,0,1],[0,0,0]]");
    assertThat(json().has("confused")).isFalse();
  }

  @Test
  void hasTheWorstPairsOfManyClasses() throws IOException {
    ConfusionMatrix confusion = new ConfusionMatrix(1_000);
    for (int label = 0; label < 1_000; label++) {
      confusion.add(label, label);
      confusion.add(label, (label + 1) % 1_000);
    }
    confusion.add(7, 5);
    confusion.add(7, 5);

    data.confusion(confusion, List.of());

    assertThat(json().has("confusion")).isFalse();
    assertThat(json().get("confused")).hasSize(40);
    assertThat(json().at("/confused/0/label").intValue()).isEqualTo(7);
    assertThat(json().at("/confused/0/prediction").intValue()).isEqualTo(5);
    assertThat(json().at("/confused/0/count").intValue()).isEqualTo(2);
    assertThat(json().at("/confused/0/recall").doubleValue()).isEqualTo(0.25);
    assertThat(json().at("/confused/1/label").intValue()).isZero();
  }

  @Test
  void hasTheWorstPairsOfMoreClassesThanATableOfAllPairsCanHave() throws IOException {
    ConfusionMatrix confusion = new ConfusionMatrix(46_341);
    confusion.add(46_340, 7);
    confusion.add(46_340, 46_340);

    data.confusion(confusion, List.of());

    assertThat(json().get("confused")).hasSize(1);
    assertThat(json().at("/confused/0/label").intValue()).isEqualTo(46_340);
    assertThat(json().at("/confused/0/recall").doubleValue()).isEqualTo(0.5);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(data.json());
  }
}
