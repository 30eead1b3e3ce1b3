"""Convolutional networks as an estimator of pyspark.ml.

Needs featuremap's jar on Spark's class path (``--jars``), and a classic session: Spark Connect has no JVM to talk to.
The jar holds this module too:

    spark.sparkContext.addPyFile(spark.conf.get("spark.jars"))
    from featuremap.ml import CnnClassifier

    model = CnnClassifier(network="lenet-5", epochs=5).fit(digits)

Pipelines that were saved can be loaded after this module was imported.
"""

import sys

from pyspark import SparkContext, keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
)
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

__all__ = ["CnnClassifier", "CnnClassificationModel"]

_JAVA_PACKAGE = "dev.featuremap.job.ml"

# Pipelines look for a stage's Python class in a module of its Java package's name.
sys.modules[_JAVA_PACKAGE] = sys.modules[__name__]


class _Reader(JavaMLReader):
    """Reads by the Java class of the same name, whatever module the Python class is in."""

    @classmethod
    def _java_loader_class(cls, clazz):
        return f"{_JAVA_PACKAGE}.{clazz.__name__}"


class _Readable(JavaMLReadable):
    @classmethod
    def read(cls):
        """A reader of what ``save`` has written."""
        return _Reader(cls)


class _PredictionParams(
    HasFeaturesCol,
    HasLabelCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
):
    """What the classifier and its models have in common."""

    settings = Param(
        Params._dummy(),
        "settings",
        "key=value for other keys of conf/train.conf: those of train and sync, data.resize, "
        "data.exif-rotation, data.keep, data.max-pixels, data.max-bytes, data.max-bad-records",
        typeConverter=TypeConverters.toListString,
    )

    def setFeaturesCol(self, value):
        """The column of images: vectors of whole numbers 0 to 255 by channel, row, column; or image files."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value):
        """The column of predicted classes; empty for none."""
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value):
        """The column of probabilities; empty for none."""
        return self._set(probabilityCol=value)

    def setRawPredictionCol(self, value):
        """The column of logits; empty for none."""
        return self._set(rawPredictionCol=value)

    def setThresholds(self, value):
        """Numbers by which the classes' probabilities are divided before the largest decides."""
        return self._set(thresholds=value)

    def setSettings(self, value):
        """A list of ``key=value``."""
        return self._set(settings=value)

    def getSettings(self):
        return self.getOrDefault(self.settings)


class CnnClassifier(JavaEstimator, _PredictionParams, _Readable, JavaMLWritable):
    """Trains a convolutional network on the images of a DataFrame.

    Params that are not given have the defaults of the jar's conf/train.conf; ``explainParams`` shows them.
    """

    network = Param(
        Params._dummy(),
        "network",
        "what is trained: a network's name such as lenet-5, the URI of a network file, or its text in HOCON",
        typeConverter=TypeConverters.toString,
    )
    epochs = Param(
        Params._dummy(),
        "epochs",
        "passes over the training images, at least 1",
        typeConverter=TypeConverters.toInt,
    )
    batchSize = Param(
        Params._dummy(),
        "batchSize",
        "images per update of one worker, at least 1",
        typeConverter=TypeConverters.toInt,
    )
    workers = Param(
        Params._dummy(),
        "workers",
        "parts the images are divided into, whatever the number of cores; part of the result",
        typeConverter=TypeConverters.toInt,
    )
    learningRate = Param(
        Params._dummy(),
        "learningRate",
        "step size, above 0",
        typeConverter=TypeConverters.toFloat,
    )
    optimizer = Param(
        Params._dummy(),
        "optimizer",
        "the optimizer's name, a train.optimizer.type of conf/train.conf",
        typeConverter=TypeConverters.toString,
    )
    syncEvery = Param(
        Params._dummy(),
        "syncEvery",
        "when workers average their parameters: epoch, N steps or 1 step",
        typeConverter=TypeConverters.toString,
    )
    seed = Param(
        Params._dummy(),
        "seed",
        "decides all that is random",
        typeConverter=TypeConverters.toInt,
    )
    idCol = Param(
        Params._dummy(),
        "idCol",
        "column of whole numbers, no two alike, in whose order images are numbered; without it they are numbered in "
        "the order of rows",
        typeConverter=TypeConverters.toString,
    )

    @keyword_only
    def __init__(
        self,
        *,
        network=None,
        epochs=None,
        batchSize=None,
        workers=None,
        learningRate=None,
        optimizer=None,
        syncEvery=None,
        seed=None,
        idCol=None,
        settings=None,
        featuresCol=None,
        labelCol=None,
        predictionCol=None,
        probabilityCol=None,
        rawPredictionCol=None,
        thresholds=None,
    ):
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_JAVA_PACKAGE}.CnnClassifier", self.uid)
        # An empty list, which would come from the JVM as an array of its own.
        self._setDefault(settings=[])
        self._transfer_params_from_java()
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        network=None,
        epochs=None,
        batchSize=None,
        workers=None,
        learningRate=None,
        optimizer=None,
        syncEvery=None,
        seed=None,
        idCol=None,
        settings=None,
        featuresCol=None,
        labelCol=None,
        predictionCol=None,
        probabilityCol=None,
        rawPredictionCol=None,
        thresholds=None,
    ):
        """Sets those params that are given."""
        return self._set(**self._input_kwargs)

    def _create_model(self, java_model):
        return CnnClassificationModel(java_model)

    def setLabelCol(self, value):
        """The column of labels, numbers from 0."""
        return self._set(labelCol=value)

    def setNetwork(self, value):
        """A network's name, the URI of a network file, or its text in HOCON."""
        return self._set(network=value)

    def getNetwork(self):
        return self.getOrDefault(self.network)

    def setEpochs(self, value):
        """Passes over the training images."""
        return self._set(epochs=value)

    def getEpochs(self):
        return self.getOrDefault(self.epochs)

    def setBatchSize(self, value):
        """Images per update of one worker."""
        return self._set(batchSize=value)

    def getBatchSize(self):
        return self.getOrDefault(self.batchSize)

    def setWorkers(self, value):
        """Parts the images are divided into, whatever the number of cores."""
        return self._set(workers=value)

    def getWorkers(self):
        return self.getOrDefault(self.workers)

    def setLearningRate(self, value):
        """Step size."""
        return self._set(learningRate=value)

    def getLearningRate(self):
        return self.getOrDefault(self.learningRate)

    def setOptimizer(self, value):
        """The optimizer's name, a train.optimizer.type of conf/train.conf."""
        return self._set(optimizer=value)

    def getOptimizer(self):
        return self.getOrDefault(self.optimizer)

    def setSyncEvery(self, value):
        """When workers average their parameters: epoch, N steps or 1 step."""
        return self._set(syncEvery=value)

    def getSyncEvery(self):
        return self.getOrDefault(self.syncEvery)

    def setSeed(self, value):
        """Decides all that is random."""
        return self._set(seed=value)

    def getSeed(self):
        return self.getOrDefault(self.seed)

    def setIdCol(self, value):
        """The column in whose order images are numbered."""
        return self._set(idCol=value)

    def getIdCol(self):
        return self.getOrDefault(self.idCol)


class CnnClassificationModel(JavaModel, _PredictionParams, _Readable, JavaMLWritable):
    """A trained network: of a classifier, or as the train command has left it."""

    featuresLayer = Param(
        Params._dummy(),
        "featuresLayer",
        "layer whose output transform gives instead of predictions; empty for predictions",
        typeConverter=TypeConverters.toString,
    )
    layerFeaturesCol = Param(
        Params._dummy(),
        "layerFeaturesCol",
        "column of that output, vectors in the order channel, row, column",
        typeConverter=TypeConverters.toString,
    )

    def __init__(self, java_model=None):
        super().__init__(java_model)
        self._setDefault(featuresLayer="", layerFeaturesCol="layerFeatures")

    @classmethod
    def ofRun(cls, directory):
        """The newest model of a run of the train command."""
        return cls._of("ofRun", directory)

    @classmethod
    def bestOfRun(cls, directory):
        """The model of a run's checkpoint of the best accuracy."""
        return cls._of("bestOfRun", directory)

    @classmethod
    def ofCheckpoint(cls, path):
        """The model in a checkpoint's directory or a model.safetensors."""
        return cls._of("ofCheckpoint", path)

    @classmethod
    def ofPublished(cls, reference):
        """A published model: the newest, or behind @ a version or an alias."""
        return cls._of("ofPublished", reference)

    @classmethod
    def _of(cls, kind, place):
        java_class = SparkContext._active_spark_context._jvm
        for name in f"{_JAVA_PACKAGE}.{cls.__name__}".split("."):
            java_class = getattr(java_class, name)
        return cls._from_java(getattr(java_class, kind)(place))

    def setFeaturesLayer(self, value):
        """The layer whose output transform gives; nothing above it is computed. Empty for predictions."""
        return self._set(featuresLayer=value)

    def getFeaturesLayer(self):
        return self.getOrDefault(self.featuresLayer)

    def setLayerFeaturesCol(self, value):
        """The column that gets it."""
        return self._set(layerFeaturesCol=value)

    def getLayerFeaturesCol(self):
        return self.getOrDefault(self.layerFeaturesCol)

    @property
    def numClasses(self):
        """Outputs of the network."""
        return self._call_java("numClasses")

    @property
    def numFeatures(self):
        """Pixels of an image."""
        return self._call_java("numFeatures")

    @property
    def parametersSha256(self):
        """SHA-256 of the parameters, as runs of the train command tell it."""
        return self._call_java("parametersSha256")

    @property
    def networkText(self):
        """The network in HOCON."""
        return self._call_java("networkText")

    def predictRaw(self, value):
        """The logits of one vector."""
        return self._call_java("predictRaw", value)

    def predict(self, value):
        """The class of one vector."""
        return self._call_java("predict", value)
