package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.MemoryShard;
import dev.featuremap.data.Shard;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelAssemblyTest extends AssemblyContract {

  @Override
  Assembled assemble(ShardLayout layout, List<RecordPiece> pieces) {
    List<ShardChunk> chunks = PixelAssembly.assemble(layout, 0, READING, pieces.iterator());
    Shard shard = new MemoryShard(chunks.stream().map(ShardChunk::images).toList());
    return new Assembled(shard, chunks.get(0).bad());
  }

  @Test
  void tellsOfBadRecordsInTheFirstChunkAlone() {
    List<ShardChunk> chunks = PixelAssembly.assemble(LAYOUT, 0, READING, withTwoBad().iterator());

    assertThat(chunks).extracting(chunk -> chunk.bad().count()).containsExactly(2L, 0L);
  }

  @Test
  void digestsEachChunkBeforeItGoesAnywhere() {
    List<ShardChunk> chunks =
        PixelAssembly.assemble(LAYOUT, 0, READING, List.of(piece(0, 5_000)).iterator());
    byte[] digest = chunks.get(0).images().sha256();

    chunks.get(0).images().pixels()[0]++;

    assertThat(chunks.get(0).images().sha256()).isEqualTo(digest);
  }
}
