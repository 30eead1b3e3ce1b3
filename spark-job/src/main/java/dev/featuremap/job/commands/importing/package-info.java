/** The {@code import} command: a network of others becomes a network file and a model file. */
package dev.featuremap.job.commands.importing;
