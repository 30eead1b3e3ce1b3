/**
 * The {@code pack} command: images of any source as shuffled Parquet files in the layout of Hugging
 * Face, a file a task, each complete or absent.
 *
 * <p>Read first: {@code PackJob}, {@code PackLayout}. A new column goes into {@code PackedRow},
 * {@code RowMaker} and {@code PackedWriteSupport}; a new setting that decides what files hold goes
 * into the claim of {@code PackJob} too.
 */
package dev.featuremap.job.commands.pack;
