package dev.featuremap.job.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names stay what they are on their way through paths and text. */
class PathTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "set[1]",
        "{a,b}",
        "a*b?",
        "a\\b",
        "a:b",
        "2024-01-01T10:00:00.png",
        "10:00",
        "50%",
        "%41",
        "a#b",
        "a b",
        "a+b",
        "ünï",
        " ",
        "a&b=c",
        "~x",
        "s3a:x"
      })
  void keepsAName(String name) {
    for (String directory : new String[] {"/data/x y", "file:///d/e:f", "s3a://bucket/%20#"}) {
      Path child = PathText.child(directory, name);

      assertThat(child.getName()).isEqualTo(name);
      assertThat(child.getParent()).isEqualTo(PathText.parse(directory));
      assertThat(PathText.parse(child.toString())).isEqualTo(child);
      assertThat(PathText.ofEncoded(child.toUri().toString())).isEqualTo(child);
    }
  }

  @Test
  void takesARelativeNameWithAColonUnlessItBeginsLikeAScheme() {
    assertThat(PathText.parse("2024:1/x").getName()).isEqualTo("x");
    assertThat(PathText.parse("./set:1").getName()).isEqualTo("set:1");
    assertThatThrownBy(() -> PathText.parse("set:1/x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("set: is read as the scheme of a URI; write ./set:1/x for a file of that name");
  }

  @Test
  void looksFromADirectoryUnlessAPathIsAbsolute() {
    Path root = PathText.parse("hdfs://host:9000/data");

    assertThat(PathText.below(root, "a:b/c")).hasToString("hdfs://host:9000/data/a:b/c");
    assertThat(PathText.below(root, "../other")).hasToString("hdfs://host:9000/other");
    assertThat(PathText.below(root, "/else/x")).hasToString("hdfs://host:9000/else/x");
    assertThat(PathText.below(root, "s3a://bucket/x")).hasToString("s3a://bucket/x");
  }
}
