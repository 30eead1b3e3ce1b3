"""Featuremap for PySpark: training in a session (``train``), and estimators of pyspark.ml (featuremap.ml)."""

import json

__all__ = ["FeaturemapError", "train"]


class FeaturemapError(RuntimeError):
    """A run failed or ended early; ``exit_code`` is what the command would have ended with."""

    def __init__(self, message, exit_code):
        super().__init__(message)
        self.exit_code = exit_code


def train(spark, settings, config=None):
    """Trains as ``featuremap train`` does, in a classic session, which goes on afterwards.

    :param settings: values by keys of conf/train.conf, such as ``{"data.path": "s3a://bucket/mnist", "train.epochs": 3}``
    :param config: URI of a file with more settings
    :return: the fields of ``result.json``
    """
    from py4j.protocol import Py4JJavaError

    values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in settings.items()}
    jvm = spark._jvm
    java = jvm.java.util.LinkedHashMap()
    for key, value in values.items():
        java.put(key, value)
    try:
        return json.loads(jvm.dev.featuremap.job.cli.Featuremap.train(spark._jsparkSession, java, config))
    except Py4JJavaError as failure:
        thrown = failure.java_exception
        if thrown.getClass().getSimpleName() != "FeaturemapException":
            raise
        raise FeaturemapError(thrown.getMessage(), thrown.exitCode()) from failure
