package dev.featuremap.job.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedLogTest {
  @TempDir private java.nio.file.Path temporary;
  private Path directory;
  private Storage storage;

  @BeforeEach
  void openDirectory() {
    directory = new Path("file:" + temporary + "/log");
    storage = Storage.of(directory, new Configuration());
  }

  @Test
  void givesEachNumberToOneWriter() {
    NumberedLog log = NumberedLog.ofJson(storage, directory);

    assertThat(log.last()).isZero();
    assertThat(log.create(1, new byte[] {1})).isTrue();
    assertThat(log.create(1, new byte[] {2})).isFalse();
    assertThat(log.read(1)).contains(new byte[] {1});
    assertThat(log.read(2)).isEmpty();
  }

  @Test
  void findsItsNumbersAmongOtherNames() {
    NumberedLog json = NumberedLog.ofJson(storage, directory);
    NumberedLog starts = new NumberedLog(storage, directory, "_start-", 8);
    json.create(12, new byte[] {1});
    json.create(3, new byte[] {1});
    starts.create(7, new byte[] {1});
    storage.replace(new Path(directory, "notes.txt"), new byte[0]);
    storage.replace(new Path(directory, "13.json"), new byte[0]);

    assertThat(json.numbers()).containsExactly(3L, 12L);
    assertThat(starts.numbers()).containsExactly(7L);
    assertThat(storage.list(directory))
        .contains("0000000003.json", "0000000012.json", "_start-00000007");

    json.delete(12);
    assertThat(json.last()).isEqualTo(3);
  }

  @Test
  void writesItsNamesInEveryLocaleAlike() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      NumberedLog log = new NumberedLog(storage, directory, "_start-", 8);
      log.create(7, new byte[] {1});

      assertThat(log.path(7).getName()).isEqualTo("_start-00000007");
      assertThat(log.numbers()).containsExactly(7L);
    } finally {
      Locale.setDefault(before);
    }
  }
}
