package dev.featuremap.job.commands.export;

import dev.featuremap.format.ModelFile;
import dev.featuremap.job.commands.LinePrinter;
import dev.featuremap.job.commands.export.ExportFormat.Content;
import dev.featuremap.job.failure.JobException;
import dev.featuremap.job.models.lookup.ModelLookup;
import dev.featuremap.job.path.PathText;
import dev.featuremap.job.storage.Storage;
import java.io.PrintWriter;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The {@code export} command; it needs no Spark. Equal models give equal bytes in all files.
 *
 * @param hadoop reaches all stores
 * @param out gets what a person reads
 */
public record ExportJob(Configuration hadoop, PrintWriter out) implements LinePrinter {
  /**
   * Writes the files of each format, replacing earlier ones.
   *
   * @throws JobException with {@code MISSING_INPUT} if there is no such model, with {@code USAGE}
   *     if a format cannot hold it
   */
  public void run(ExportRequest request) {
    ModelFile model = new ModelLookup(hadoop, "export").at(request.model());
    Storage storage = Storage.of(request.target(), hadoop);
    for (ExportFormat format : request.formats()) {
      for (Map.Entry<String, Content> file : format.files().entrySet()) {
        Path path = PathText.child(request.target(), file.getKey());
        storage.write(path, stream -> file.getValue().write(model, stream));
        say("wrote %s", path);
      }
    }
  }
}
