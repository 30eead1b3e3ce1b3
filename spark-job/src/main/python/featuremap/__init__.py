"""Featuremap for PySpark: convolutional networks as estimators of pyspark.ml, see featuremap.ml."""
