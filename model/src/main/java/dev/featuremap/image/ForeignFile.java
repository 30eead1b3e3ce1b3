package dev.featuremap.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are not decoded but often given, by their first bytes; so that they can be named. */
enum ForeignFile {
  AVIF("an AVIF image", "....ftypavi[fs]"),
  HEIC("a HEIC image", "....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
  JPEG_XL("a JPEG XL image", "\u00ff\n|\0\0\0\fJXL "),
  JPEG_2000("a JPEG 2000 image", "\0\0\0\fjP  |\u00ffO\u00ffQ"),
  BIG_TIFF("a BigTIFF image", "II\\+\0|MM\0\\+"),
  PHOTOSHOP("a Photoshop image", "8BPS"),
  ICON("an icon", "\0\0[\1\2]\0"),
  PAM("a PAM image", "P7\\s"),
  PFM("a PFM image", "P[Ff]\\s"),
  DICOM("a DICOM image", ".{128}DICM"),
  SVG("an SVG image", "(\u00ef\u00bb\u00bf)?\\s*(<\\?xml.*)?<(?i:!doctype )?svg"),
  PDF("a PDF file", "%PDF-"),
  HTML(
      "a web page (HTML), as servers send it for an error",
      "(\u00ef\u00bb\u00bf)?\\s*<(?i:!doctype html|html|head)"),
  XML("an XML file", "(\u00ef\u00bb\u00bf)?\\s*<\\?xml"),
  LFS(
      "a pointer of Git LFS; fetch the file itself with git lfs pull",
      "version https://git-lfs\\.github\\.com/"),
  ANNEX(
      "a pointer of git-annex; fetch the file itself with git annex get",
      "(\\.\\./)*\\.?/?\\.git/annex|/annex/objects/"),
  GZIP("gzip data; unpack it", "\u001f\u008b"),
  ZIP("a ZIP archive; unpack it", "PK\3\4"),
  SEVEN_ZIP("a 7z archive; unpack it", "7z\u00bc\u00af'\u001c"),
  RAR("a RAR archive; unpack it", "Rar!\u001a\u0007"),
  XZ("xz data; unpack it", "\u00fd7zXZ\0"),
  BZIP2("bzip2 data; unpack it", "BZh[1-9]"),
  ZSTD("Zstandard data; unpack it", "\\(\u00b5/\u00fd"),
  TAR("a tar archive; unpack it, or set data.format to the format of tar files", ".{257}ustar"),
  PARQUET("a Parquet file; set data.format = table", "PAR1"),
  ORC("an ORC file; set data.format = table and data.table.format = orc", "ORC"),
  AVRO("an Avro file; set data.format = table and data.table.format = avro", "Obj\1"),
  HDF5("an HDF5 file", "\u0089HDF\r\n"),
  NUMPY("a NumPy array", "\u0093NUMPY"),
  PICKLE("a Python pickle", "\u0080[\2-\5]"),
  VIDEO("a video", "....ftyp(isom|mp4|qt|M4V|3gp)|RIFF....AVI |\u001aE\u00df\u00a3"),
  APPLE_DOUBLE("what macOS keeps beside a file (._…); delete it", "\0\5\u0016[\0\7]");

  private static final int LONGEST_HEAD = 512;

  private final String words;

  /** One byte a character. */
  private final Pattern head;

  ForeignFile(String words, String head) {
    this.words = words;
    this.head = Pattern.compile(head, Pattern.DOTALL);
  }

  /** The kind of file that begins like {@code bytes}. */
  static Optional<ForeignFile> of(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(LONGEST_HEAD, bytes.length), ISO_8859_1);
    return Arrays.stream(values()).filter(kind -> kind.head.matcher(head).lookingAt()).findFirst();
  }

  /** What it is, and that it is not read unless that is said. */
  String words() {
    return words.indexOf(';') > 0 || this == HTML
        ? words
        : "%s; only PNG, JPEG, GIF, BMP, WebP, PNM and TIFF are read".formatted(words);
  }
}
