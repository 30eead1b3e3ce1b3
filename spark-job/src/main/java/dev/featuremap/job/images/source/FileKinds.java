package dev.featuremap.job.images.source;

import java.util.Locale;
import java.util.Set;

/** What a file or directory is for, as far as its name tells. */
public final class FileKinds {
  /** Directories and files by which Spark, Hadoop, table formats and this job mark their work. */
  private static final Set<String> MARKS =
      Set.of(
          "_SUCCESS",
          "_FAILURE",
          "_temporary",
          "_metadata",
          "_common_metadata",
          "_delta_log",
          "_delta_index",
          "_change_data",
          "_symlink_format_manifest",
          "_spark_metadata",
          "_logs",
          "_unfinished",
          "_pack.json",
          "_predict.json",
          "__MACOSX");

  /** Files whose last extension is one of these are no images, and nobody takes them for some. */
  private static final Set<String> OTHERS =
      Set.of(
          "txt",
          "text",
          "md",
          "rst",
          "rtf",
          "log",
          "lst",
          "list", //
          "xml",
          "json",
          "jsonl",
          "ndjson",
          "yml",
          "yaml",
          "toml",
          "ini",
          "cfg",
          "conf",
          "csv",
          "tsv",
          "html",
          "htm",
          "css",
          "js",
          "url",
          "lnk",
          "desktop", //
          "db",
          "sqlite",
          "parquet",
          "orc",
          "avro",
          "arrow",
          "feather",
          "h5",
          "hdf5",
          "npy",
          "npz",
          "mat",
          "pkl",
          "pickle",
          "pt",
          "pth",
          "safetensors",
          "onnx",
          "tfrecord",
          "idx", //
          "tar",
          "gz",
          "tgz",
          "zip",
          "7z",
          "rar",
          "bz2",
          "xz",
          "zst", //
          "py",
          "ipynb",
          "sh",
          "bat",
          "java",
          "class",
          "jar",
          "exe",
          "dll",
          "so", //
          "doc",
          "docx",
          "xls",
          "xlsx",
          "ppt",
          "pptx",
          "odt",
          "ods",
          "pdf", //
          "mp3",
          "wav",
          "flac",
          "ogg",
          "mp4",
          "m4v",
          "mov",
          "avi",
          "mkv",
          "webm",
          "srt", //
          "md5",
          "sha1",
          "sha256",
          "crc",
          "sig",
          "asc",
          "dvc",
          "bak",
          "tmp",
          "part",
          "cls");

  /** The same for names without one. */
  private static final Set<String> TEXTS = Set.of("readme", "license", "makefile");

  private FileKinds() {}

  /** True for names that begin with a dot, and for marks. */
  public static boolean isHidden(String name) {
    return name.startsWith(".")
        || MARKS.contains(name)
        || name.startsWith("_started")
        || name.startsWith("_committed")
        || name.startsWith("_start-")
        || name.endsWith("._COPYING_");
  }

  /**
   * True for a file that is no image by its extension; what has none, or an unknown one, may be.
   */
  public static boolean isNoImage(String name) {
    int dot = name.lastIndexOf('.');
    String last = name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return dot < 0 ? TEXTS.contains(last) : OTHERS.contains(last);
  }
}
