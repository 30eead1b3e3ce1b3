package dev.featuremap.job.commands.output;

import dev.featuremap.job.failure.ExitCode;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.failure.SparkFailure;
import dev.featuremap.job.failure.StorageFault;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
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
public record ParquetDirectory(String action, String target) implements Serializable {
  private static final String UNFINISHED = "_unfinished";

  /** The names that are there, but for those of files that were only begun. */
  public Set<String> names(Storage storage) {
    return storage.list(PathText.parse(target)).stream()
        .filter(name -> !name.startsWith("."))
        .collect(Collectors.toSet());
  }

  /** Removes what an earlier start did not finish. */
  public void clear(Storage storage) {
    storage.delete(PathText.child(target, UNFINISHED));
  }

  /** True when there is a file of that name. */
  public boolean has(Configuration hadoop, String name) {
    Path finished = PathText.child(target, name);
    return byHadoop(hadoop, "find", finished, files -> files.exists(finished));
  }

  /**
   * Writes one file, unless another attempt at the same has finished it.
   *
   * @param attempt tells this attempt from others
   * @param format how rows become columns
   * @param permission throws when this start may not give files their names any more
   */
  public <T> void write(
      Configuration hadoop,
      String name,
      long attempt,
      WriteSupport<T> format,
      Iterator<T> rows,
      Runnable permission) {
    Path begun = PathText.child(PathText.child(target, UNFINISHED), name + "." + attempt);
    Path finished = PathText.child(target, name);
    try {
      try (ParquetWriter<T> writer =
          new Builder<>(HadoopOutputFile.fromPath(begun, hadoop), format)
              .withConf(hadoop)
              .build()) {
        while (rows.hasNext()) {
          writer.write(rows.next());
        }
      }
      store(hadoop)
          .byHadoop(
              "rename",
              begun,
              files -> {
                permission.run();
                return name(files, begun, finished);
              });
    } catch (IOException e) {
      // A newer start has removed what this one had begun.
      permission.run();
      throw failure(finished, e);
    } catch (FSError | RuntimeException e) {
      if (SparkFailure.isFull(e)) {
        throw failure(finished, new IOException(e));
      }
      throw e;
    }
  }

  private static boolean name(FileSystem files, Path begun, Path finished) throws IOException {
    if (files.exists(finished)) {
      // Another attempt was faster, or the answer to this one's was lost.
      return files.delete(begun, false);
    }
    if (files.rename(begun, finished)) {
      return true;
    }
    throw files.exists(begun)
        ? new IOException("the store refused to rename " + begun)
        : new FileNotFoundException(begun.toString());
  }

  /** What a finished file says of itself. */
  public ParquetMetadata metadata(Configuration hadoop, String name) {
    Path path = PathText.child(target, name);
    return byHadoop(
        hadoop,
        "read",
        path,
        files -> {
          try (ParquetFileReader reader =
              ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop))) {
            return reader.getFooter();
          }
        });
  }

  private <T> T byHadoop(Configuration hadoop, String verb, Path path, Storage.HadoopUse<T> use) {
    try {
      return store(hadoop).byHadoop(verb, path, use);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private Storage store(Configuration hadoop) {
    return Storage.of(PathText.parse(target), hadoop);
  }

  private JobException failure(Path path, IOException e) {
    StorageFault fault = SparkFailure.isFull(e) ? StorageFault.FULL : StorageFault.of(e);
    // The directory was claimed before, so its store has answered.
    ExitCode code = fault.passes(true) ? ExitCode.STORAGE_FAILED : fault.ofOutput();
    String advice =
        fault == StorageFault.FULL
            ? " Its disk or quota is full: free space or inodes, or give another place."
            : "";
    return new JobException(code, "Cannot %s into %s: %s.%s".formatted(action, path, e, advice), e);
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
