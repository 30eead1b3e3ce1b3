/** The peer libtorch, through its JavaCPP binding. */
package dev.featuremap.bench.libtorch;
