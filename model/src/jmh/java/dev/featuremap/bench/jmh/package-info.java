/**
 * JMH benchmarks of Featuremap alone: one class per family of kernels, one for whole training steps
 * and one for the speed limit of the machine. {@link dev.featuremap.bench.jmh.BenchmarkTable} runs
 * them and prints a table.
 */
package dev.featuremap.bench.jmh;
