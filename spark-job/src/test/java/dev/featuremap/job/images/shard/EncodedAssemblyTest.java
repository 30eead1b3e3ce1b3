package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodedAssemblyTest extends AssemblyContract {
  @TempDir private Path directory;
  private RecordFile file;

  @BeforeEach
  void createFile() {
    file = RecordFile.create(directory.resolve("records"));
  }

  @AfterEach
  void closeFile() throws IOException {
    file.close();
  }

  @Override
  Assembled assemble(ShardLayout layout, List<RecordPiece> pieces) {
    EncodedShard shard = EncodedAssembly.assemble(layout, 0, READING, pieces.iterator(), file, 2);
    return new Assembled(shard, shard.load().bad());
  }

  @Test
  void tellsWhatItTakesOfTheDisk() {
    EncodedShard shard =
        EncodedAssembly.assemble(LAYOUT, 0, READING, List.of(piece(0, 5_000)).iterator(), file, 1);

    // Two pixels and the name "digits" of each.
    assertThat(shard.load().diskBytes()).isEqualTo(5_000 * 8);
  }
}
