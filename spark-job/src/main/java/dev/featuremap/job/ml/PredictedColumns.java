package dev.featuremap.job.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What a row gets of a network's outputs.
 *
 * @param raw whether it gets the logits
 * @param probability whether it gets the probabilities
 * @param prediction whether it gets the class
 * @param thresholds one a class, by which probabilities are divided before the largest is the
 *     prediction; null if the largest logit is
 */
record PredictedColumns(boolean raw, boolean probability, boolean prediction, double[] thresholds)
    implements Serializable {

  /** The row with the columns of an image behind its own. */
  Row append(Row row, double[] logits, double[] probabilities) {
    List<Object> values = new ArrayList<>(3);
    if (raw) {
      values.add(Vectors.dense(logits));
    }
    if (probability) {
      values.add(Vectors.dense(probabilities));
    }
    if (prediction) {
      values.add((double) predicted(logits, probabilities));
    }
    return append(row, values);
  }

  /** The row with values behind its own. */
  static Row append(Row row, List<?> values) {
    List<Object> all = new ArrayList<>(row.size() + values.size());
    for (int column = 0; column < row.size(); column++) {
      all.add(row.get(column));
    }
    all.addAll(values);
    return RowFactory.create(all.toArray());
  }

  /** As Spark's own classifiers decide: a class of threshold 0 wins unless it is impossible. */
  private int predicted(double[] logits, double[] probabilities) {
    int largest = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logits.length; k++) {
      double value = thresholds == null ? logits[k] : probabilities[k] / thresholds[k];
      if (value > most) {
        largest = k;
        most = value;
      }
    }
    return largest;
  }
}
