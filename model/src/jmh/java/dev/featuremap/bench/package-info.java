/**
 * Benchmarks: what a workload is, who trains on it, and the comparison of trainers that alternate
 * in one run.
 *
 * <p>Nothing of it is part of the product. The packages below this one hold the JMH benchmarks and
 * one trainer per peer library; each is compiled by itself with the libraries of its own. To add a
 * peer: one package with a {@link dev.featuremap.bench.Trainer} and a {@code main} that serves it,
 * one Maven profile with its libraries, one line in {@code Contestant}.
 */
package dev.featuremap.bench;
