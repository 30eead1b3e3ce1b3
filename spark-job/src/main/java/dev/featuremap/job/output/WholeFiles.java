package dev.featuremap.job.output;

import dev.featuremap.job.failure.JobException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * Parquet files of one directory. One gets its name when it is complete; until then it lies in a
 * hidden directory, which each start empties.
 *
 * @param action what is done, for messages: {@code pack}
 * @param target the directory of the files
 */
public record WholeFiles(String action, String target) implements Serializable {
  private static final String UNFINISHED = "_unfinished";

  /** The names that are there, hidden ones too. */
  public Set<String> names(Configuration hadoop) {
    Path directory = new Path(target);
    try {
      FileSystem files = directory.getFileSystem(hadoop);
      return files.exists(directory)
          ? Arrays.stream(files.listStatus(directory))
              .map(FileStatus::getPath)
              .map(Path::getName)
              .collect(Collectors.toSet())
          : Set.of();
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  /** Removes what an earlier start did not finish. */
  public void clear(Configuration hadoop) {
    Path unfinished = new Path(target, UNFINISHED);
    try {
      unfinished.getFileSystem(hadoop).delete(unfinished, true);
    } catch (IOException e) {
      throw failure(unfinished, e);
    }
  }

  /** True when there is a file of that name. */
  public boolean has(Configuration hadoop, String name) {
    Path finished = new Path(target, name);
    try {
      return finished.getFileSystem(hadoop).exists(finished);
    } catch (IOException e) {
      throw failure(finished, e);
    }
  }

  /**
   * Writes one file, unless another attempt at the same has finished it.
   *
   * @param attempt tells this attempt from others
   * @param format how rows become columns
   */
  public <T> void write(
      Configuration hadoop, String name, long attempt, WriteSupport<T> format, Iterator<T> rows) {
    Path begun = new Path(new Path(target, UNFINISHED), name + "." + attempt);
    Path finished = new Path(target, name);
    try {
      FileSystem files = finished.getFileSystem(hadoop);
      try (ParquetWriter<T> writer =
          new Builder<>(HadoopOutputFile.fromPath(begun, hadoop), format)
              .withConf(hadoop)
              .build()) {
        while (rows.hasNext()) {
          writer.write(rows.next());
        }
      }
      if (files.exists(finished) || !files.rename(begun, finished)) {
        files.delete(begun, false);
        if (!files.exists(finished)) {
          throw new IOException("the store refused to rename " + begun);
        }
      }
    } catch (IOException e) {
      throw failure(finished, e);
    }
  }

  /** What a finished file says of itself. */
  public ParquetMetadata metadata(Configuration hadoop, String name) {
    Path path = new Path(target, name);
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
      return reader.getFooter();
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private JobException failure(Path path, IOException e) {
    return JobException.cannotWrite(
        "Cannot %s into %s: %s.".formatted(action, path, e.getMessage()), e);
  }

  /** Images are compressed already, and probabilities have no pattern. */
  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final WriteSupport<T> format;

    Builder(OutputFile file, WriteSupport<T> format) {
      super(file);
      this.format = format;
      withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
      withDictionaryEncoding(false);
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // but abstract
    protected WriteSupport<T> getWriteSupport(Configuration configuration) {
      return format;
    }
  }
}
