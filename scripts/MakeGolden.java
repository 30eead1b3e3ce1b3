import dev.featuremap.job.ml.CnnClassificationModel;
import dev.featuremap.job.ml.CnnClassifier;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What no command makes of {@code scripts/make-golden}: images, and what Spark ML saves. */
final class MakeGolden {
  private static final int SIZE = 8;
  private static final int TRAIN = 32;
  private static final int TEST = 16;

  private final Path golden;

  private MakeGolden(Path golden) {
    this.golden = golden;
  }

  public static void main(String[] arguments) throws IOException {
    MakeGolden make = new MakeGolden(Path.of(arguments[0]));
    if (arguments[1].equals("images")) {
      make.images("train", TRAIN, 1);
      make.images("test", TEST, 2);
    } else {
      make.sparkMl();
    }
  }

  /** Crosses and rings between noise, in turn; a file's name is the id of its record. */
  private void images(String set, int count, long seed) throws IOException {
    Random random = new Random(seed);
    for (int id = 0; id < count; id++) {
      Path file = file(set, id);
      Files.createDirectories(file.getParent());
      ImageIO.write(image(id % 2 == 0, random), "png", file.toFile());
    }
  }

  private Path file(String set, int id) {
    String shape = id % 2 == 0 ? "cross" : "ring";
    return golden.resolve("images").resolve(set).resolve(shape).resolve(id + ".png");
  }

  private static BufferedImage image(boolean cross, Random random) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    int top = random.nextInt(4);
    int left = random.nextInt(4);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        int down = y - top;
        int right = x - left;
        boolean inside = down >= 0 && down < 5 && right >= 0 && right < 5;
        boolean drawn = cross ? down == 2 || right == 2 : down % 4 == 0 || right % 4 == 0;
        image.getRaster().setSample(x, y, 0, (inside && drawn ? 150 : 0) + random.nextInt(106));
      }
    }
    return image;
  }

  private void sparkMl() throws IOException {
    SparkSession spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    CnnClassifier classifier =
        new CnnClassifier("cnnClassifier_golden")
            .setFeaturesCol("pixels")
            .setIdCol("id")
            .setNetwork(network())
            .setEpochs(2)
            .setBatchSize(4)
            .setWorkers(2)
            .setLearningRate(0.05)
            .setOptimizer("sgd")
            .setSyncEvery("2 steps")
            .setSeed(7)
            .setSettings("train.optimizer.momentum=0.5", "train.schedule.type=constant");
    classifier.save(golden.resolve("saved/classifier").toUri().toString());
    CnnClassificationModel model = classifier.fit(frame(spark, "train", TRAIN));
    model.save(golden.resolve("saved/model").toUri().toString());
    List<String> rows = new ArrayList<>();
    for (Row row : model.transform(frame(spark, "test", TEST)).orderBy("id").collectAsList()) {
      rows.add(
          row.getAs("id") + " " + row.getAs("prediction") + " " + row.<Vector>getAs("probability"));
    }
    Files.write(golden.resolve("expected/saved-predictions.txt"), rows);
    Files.writeString(
        golden.resolve("expected.properties"),
        "saved.parameters-sha256 = " + model.parametersSha256() + "\n",
        StandardOpenOption.APPEND);
    spark.stop();
  }

  /** The network of the settings as {@code setNetwork} takes it: without the key before it. */
  private String network() throws IOException {
    String settings = Files.readString(golden.resolve("settings.conf"));
    return settings.substring(settings.indexOf('{') + 1, settings.indexOf("\n}\n") + 1);
  }

  private Dataset<Row> frame(SparkSession spark, String set, int count) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      BufferedImage image = ImageIO.read(file(set, id).toFile());
      int[] pixels = image.getRaster().getSamples(0, 0, SIZE, SIZE, 0, (int[]) null);
      Vector vector = Vectors.dense(IntStream.of(pixels).asDoubleStream().toArray());
      rows.add(RowFactory.create((long) id, vector, (double) (id % 2)));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("id", DataTypes.LongType)
            .add("pixels", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType));
  }
}
