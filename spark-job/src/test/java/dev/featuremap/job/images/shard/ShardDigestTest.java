package dev.featuremap.job.images.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import dev.featuremap.job.cluster.FeaturemapKryoRegistrator;
import dev.featuremap.job.images.source.DataFolder;
import dev.featuremap.job.images.source.idx.IdxDataset;
import dev.featuremap.job.images.source.idx.IdxDirectory;
import dev.featuremap.job.testing.LocalSpark;
import dev.featuremap.job.testing.MnistFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardDigestTest {
  /**
   * The 60,000 training digits shared among 4 workers with the seed 1, computed by a program of its
   * own: SHA-256 over record id (8 bytes, little endian), label (4 bytes) and pixels of each image.
   */
  private static final List<String> DIGESTS =
      List.of(
          "a2c43333cb8d71d71f8595c13af330696fd4268dff6f9b1cfcfe6e7b1c0c9a57",
          "4f885e1b44ec8d3a6ef41756d9e0a465336d75412b76f8041ddacafc775c0dbb",
          "39300ad4da26cfa5817b6daa1de846f5f1df11fa7cf4e945b7975e027cddfa57",
          "4279231e91770d0294737573b604329468f7150189159dd9156fb63b1278adac");

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[2]"})
  void shardsOfTheRealDigitsNeverChange(String master) {
    try (JavaSparkContext spark = LocalSpark.start(master, FeaturemapKryoRegistrator.class)) {
      IdxDataset train =
          IdxDirectory.open(
                  DataFolder.of(new Configuration(), new Path(MnistFiles.directory().toString())))
              .train();
      ShardedImages images =
          Readings.shards(spark, train, 10, new ShardLayout(train.images(), 4, 1));

      List<String> digests = images.shards().map(ShardDigestTest::digest).collect();

      assertThat(digests).isEqualTo(DIGESTS);
    }
  }

  private static String digest(Shard shard) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ByteBuffer numbers = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (ImageView image : Readings.images(shard)) {
      numbers.putLong(0, image.record()).putInt(8, image.label());
      digest.update(numbers.array());
      digest.update(image.pixels(), image.offset(), 784);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
