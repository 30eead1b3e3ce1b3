package dev.featuremap.job.images.shard;

import dev.featuremap.data.EpochOrder;
import dev.featuremap.data.ImagePass;
import dev.featuremap.data.ImageView;
import dev.featuremap.data.Shard;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.Function2;

/** Brings a few images to the driver, by one Spark job. */
public final class ImageLookup
    implements Function2<Integer, Iterator<Shard>, Iterator<ShardImage>> {
  private static final long serialVersionUID = 1L;

  private final Map<Integer, List<Integer>> positions;
  private final int imageBytes;

  private ImageLookup(Map<Integer, List<Integer>> positions, int imageBytes) {
    this.positions = positions;
    this.imageBytes = imageBytes;
  }

  /**
   * The images at some positions of some shards, in the order of shards; those behind a shard's end
   * are left out.
   *
   * @param positions by the number of the shard
   * @param imageBytes of each image
   */
  public static List<ShardImage> of(
      ShardedImages images, Map<Integer, List<Integer>> positions, int imageBytes) {
    return images
        .shards()
        .mapPartitionsWithIndex(new ImageLookup(positions, imageBytes), true)
        .collect();
  }

  @Override
  public Iterator<ShardImage> call(Integer number, Iterator<Shard> shards) {
    List<ShardImage> found = new ArrayList<>();
    Shard shard = shards.next();
    ImageView view = new ImageView();
    for (int position : positions.getOrDefault(number, List.of())) {
      if (position < shard.size()) {
        try (ImagePass pass = shard.pass(EpochOrder.sequential(), position, position + 1)) {
          pass.advance(position, 1);
          pass.find(position, view);
          found.add(ShardImage.of(view, imageBytes));
        }
      }
    }
    return found.iterator();
  }
}
