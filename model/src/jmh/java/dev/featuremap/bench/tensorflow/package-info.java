/** The peer TensorFlow, through its own Java binding. */
package dev.featuremap.bench.tensorflow;
