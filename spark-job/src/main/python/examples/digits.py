"""Handwritten digits by a pipeline of Spark ML with a cross-validated convolutional network.

    spark-submit --jars featuremap-<version>.jar digits.py data/mnist [directory]

The directory, digits-model by default, gets the cross-validated pipeline and is replaced.
"""

import sys

import numpy as np
from pyspark.ml import Pipeline
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.linalg import Vectors
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder
from pyspark.sql import SparkSession

# %% A session. The jar that it was started with holds the Python module too.

spark = SparkSession.builder.appName("digits").getOrCreate()
spark.sparkContext.addPyFile(spark.conf.get("spark.jars"))

from featuremap.ml import CnnClassificationModel, CnnClassifier  # noqa: E402

data = sys.argv[1]
target = sys.argv[2] if len(sys.argv) > 2 else "digits-model"

# %% Digits as rows of id, features (a vector of pixels from 0 to 255) and label.


def digits(images, labels, count):
    with open(f"{data}/{images}", "rb") as file:
        pixels = np.frombuffer(file.read(16 + 784 * count), np.uint8, offset=16)
    with open(f"{data}/{labels}", "rb") as file:
        classes = np.frombuffer(file.read(8 + count), np.uint8, offset=8)
    rows = [
        (index, Vectors.dense(image), int(label))
        for index, (image, label) in enumerate(zip(pixels.reshape(-1, 784), classes))
    ]
    return spark.createDataFrame(rows, ["id", "features", "label"])


train = digits("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 3000).cache()
test = digits("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 1000).cache()

# %% A pipeline, and the better of two learning rates by cross validation.

network = CnnClassifier(network="seed", epochs=4, workers=2, idCol="id")
pipeline = Pipeline(stages=[network])
accuracy = MulticlassClassificationEvaluator(metricName="accuracy")
validator = CrossValidator(
    estimator=pipeline,
    estimatorParamMaps=ParamGridBuilder().addGrid(network.learningRate, [0.0005, 0.005]).build(),
    evaluator=accuracy,
    numFolds=2,
    seed=1,
)
validated = validator.fit(train)
print("cross validation:", [round(mean, 4) for mean in validated.avgMetrics])

# %% All of it, saved and loaded again.

validated.write().overwrite().save(target)
loaded = CrossValidatorModel.load(target)
predicted = loaded.transform(test)
predicted.select("id", "label", "prediction").show(5)
print(f"accuracy: {accuracy.evaluate(predicted):.4f}")
print("parameters-sha256:", loaded.bestModel.stages[0].parametersSha256)

# %% The same network from its file, as from one that the train command has written.

file = f"{target}/bestModel/stages/0_{loaded.bestModel.stages[0].uid}/model.safetensors"
again = CnnClassificationModel.ofCheckpoint(file).transform(test)
assert again.select("prediction").collect() == predicted.select("prediction").collect()

spark.stop()
