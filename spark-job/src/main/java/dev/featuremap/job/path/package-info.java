/**
 * Names of files, kept as they are: the one place where text becomes a path, and where a local
 * directory is listed and a local file opened.
 *
 * <p>Read {@link dev.featuremap.job.path.PathText} first. Hadoop's {@code Path} is the type of
 * paths everywhere, but its constructors take a colon in a name for the end of a scheme, and
 * readers take brackets for a pattern; so only this package calls them. {@link
 * dev.featuremap.job.path.FileSystems} gives the file system of a path.
 */
package dev.featuremap.job.path;
