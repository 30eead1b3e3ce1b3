package dev.featuremap.job.models.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featuremap.job.failure.JobException;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "s3a://b/models/digits, s3a://b/models/digits, latest",
    "s3a://b/models/digits/, s3a://b/models/digits, latest",
    "s3a://b/models/digits@3, s3a://b/models/digits, 3",
    "abfss://container@account/models/digits@champion, abfss://container@account/models/digits, champion",
    "digits@1, digits, 1",
    "/a@b/digits, /a@b/digits, latest",
  })
  void isADirectoryAndAVersionOrAnAlias(String uri, String directory, String selector) {
    assertThat(ModelReference.of("--model", new Path(uri)))
        .isEqualTo(new ModelReference(new Path(directory), selector));
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits@", "digits@0", "digits@03", "digits@-1", "digits@3a", "/@3"})
  void refusesWhatIsNeither(String uri) {
    assertThatThrownBy(() -> ModelReference.of("--model", new Path(uri)))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "Cannot use --model: expected a directory, or one with @ and a version or an alias, such as digits@3, got %s."
                .formatted(uri));
  }
}
