package dev.featuremap.job.images.source;

import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.fuzz.InputParser;
import dev.featuremap.job.fuzz.MemoryFiles;
import dev.featuremap.job.images.SourceContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.platform.commons.support.ReflectionSupport;

/** The parsers of image files that hold many images, as the tests of formats bring them. */
public final class SourceInputs {
  /** Reaches files in memory. */
  public static final Configuration MEMORY = MemoryFiles.configuration();

  private SourceInputs() {}

  /** All of them. */
  public static List<InputParser> parsers() throws IOException {
    List<InputParser> parsers = new ArrayList<>();
    for (SourceContract contract : contracts()) {
      parsers.addAll(contract.parsers());
    }
    return parsers;
  }

  /** The tests of formats. */
  public static List<SourceContract> contracts() {
    return ReflectionSupport.findAllClassesInPackage(
            "dev.featuremap.job.images",
            type ->
                SourceContract.class.isAssignableFrom(type)
                    && !Modifier.isAbstract(type.getModifiers()),
            name -> true)
        .stream()
        .sorted(Comparator.comparing(Class::getName))
        .<SourceContract>map(type -> (SourceContract) ReflectionSupport.newInstance(type))
        .toList();
  }

  public static InputParser parser(String name, List<byte[]> seeds, InputParser.Parse parse) {
    return new InputParser(name, seeds, parse, List.of(JobException.class));
  }

  /** Reads all records. */
  public static void drain(Iterator<?> records) {
    while (records.hasNext()) {
      records.next();
    }
  }

  public static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
