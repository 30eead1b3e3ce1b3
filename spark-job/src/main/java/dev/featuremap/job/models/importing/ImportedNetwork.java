package dev.featuremap.job.models.importing;

import dev.featuremap.format.ModelFile;
import java.util.List;

/**
 * A network that was read.
 *
 * @param model the network and its parameters, without labels
 * @param notes what a person should know, a sentence each
 */
public record ImportedNetwork(ModelFile model, List<String> notes) {
  /** Copies the list. */
  public ImportedNetwork {
    notes = List.copyOf(notes);
  }
}
