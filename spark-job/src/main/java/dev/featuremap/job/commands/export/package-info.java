/**
 * The {@code export} command: trained networks as files of other frameworks.
 *
 * <p>Read first: {@code ExportFormat}. A new format is a constant of it and a package beside {@code
 * models.onnx} that writes its files.
 */
package dev.featuremap.job.commands.export;
