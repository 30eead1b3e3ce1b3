package dev.featuremap.job.cli;

import dev.featuremap.job.record.Program;
import picocli.CommandLine.IVersionProvider;

/** The version of the build, which the POM alone states. */
final class Version implements IVersionProvider {

  static String text() {
    return Program.VERSION;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"featuremap " + text()};
  }
}
