/** The peer Deeplearning4j. */
package dev.featuremap.bench.deeplearning4j;
