/**
 * The {@code export} command: trained networks as files of other frameworks.
 *
 * <p>May import {@code models}, {@code onnx}, {@code pytorch}, {@code checkpoint} and {@code
 * failure}. A new format is a constant of {@code ExportFormat}.
 */
package dev.featuremap.job.commands.export;
