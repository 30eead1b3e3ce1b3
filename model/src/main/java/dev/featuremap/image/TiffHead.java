package dev.featuremap.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directory of the first page of a TIFF file (TIFF 6.0, Adobe 1992, section 2), without the
 * entries that its pixels do not need: those may be of any size and lead anywhere.
 */
final class TiffHead {
  static final int WIDTH = 256;
  static final int LENGTH = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int ORIENTATION = 274;
  static final int SAMPLES = 277;
  static final int PREDICTOR = 317;
  static final int COLOUR_MAP = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_LENGTH = 323;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int SUBSAMPLING = 530;

  /** Fill order, strips, rows of a strip, planes, CCITT's options, tiles, JPEG, YCbCr. */
  private static final Set<Integer> OTHERS =
      Set.of(266, 273, 278, 279, 284, 292, 293, 324, 325, 347, 531, 532);

  private static final Set<Integer> KNOWN =
      Set.of(
          WIDTH,
          LENGTH,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          SAMPLES,
          PREDICTOR,
          COLOUR_MAP,
          TILE_WIDTH,
          TILE_LENGTH,
          EXTRA_SAMPLES,
          SAMPLE_FORMAT,
          SUBSAMPLING);

  private static final int ENTRY_BYTES = 12;
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

  private final byte[] encoded;
  private final ByteBuffer file; // the same bytes
  private final Map<Integer, Integer> entries = new HashMap<>(); // places by tag
  private final List<Integer> kept = new ArrayList<>(); // places of what the pixels need

  private TiffHead(byte[] encoded, ByteOrder order) {
    this.encoded = encoded;
    this.file = ByteBuffer.wrap(encoded).order(order);
  }

  /**
   * Reads the directory.
   *
   * @throws BadImageException if it is not within the file, or an entry's values are not
   */
  static TiffHead of(byte[] encoded) throws BadImageException {
    if (encoded.length < 8) {
      throw damaged("no directory");
    }
    TiffHead head =
        new TiffHead(encoded, encoded[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    ByteBuffer file = head.file;
    long directory = file.getInt(4) & 0xffffffffL;
    if (directory < 8 || directory + 2 > encoded.length) {
      throw damaged("its directory is not in the file");
    }
    int count = file.getShort((int) directory) & 0xffff;
    long end = directory + 2 + (long) count * ENTRY_BYTES;
    if (count == 0 || end > encoded.length) {
      throw damaged("its directory is not in the file");
    }
    for (int place = (int) directory + 2; place < end; place += ENTRY_BYTES) {
      head.add(place);
    }
    return head;
  }

  private void add(int place) throws BadImageException {
    int tag = file.getShort(place) & 0xffff;
    boolean needed = KNOWN.contains(tag) || OTHERS.contains(tag);
    if ((needed || tag == ORIENTATION) && !entries.containsKey(tag)) {
      long bytes = count(place) * width(place);
      boolean within = bytes <= 4 || valuesAt(place) + bytes <= encoded.length;
      if (bytes == 0 || !within) {
        throw damaged("the values of tag %s are not in the file".formatted(tag));
      }
      entries.put(tag, place);
      if (needed) {
        kept.add(place);
      }
    }
  }

  private long count(int place) {
    return file.getInt(place + 4) & 0xffffffffL;
  }

  private int width(int place) {
    int type = file.getShort(place + 2) & 0xffff;
    return type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
  }

  private long valuesAt(int place) {
    return count(place) * width(place) <= 4 ? place + 8 : file.getInt(place + 8) & 0xffffffffL;
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** How many values a tag has; 0 without it. */
  int count(int tag, int most) {
    return has(tag) ? (int) Math.min(most, count(entries.get(tag))) : 0;
  }

  /** A whole number of a tag; {@code fallback} without it, -1 if it is none. */
  long value(int tag, int index, long fallback) {
    if (!has(tag)) {
      return fallback;
    }
    int place = entries.get(tag);
    int bytes = width(place);
    if (index >= count(place) || bytes > 4) {
      return -1;
    }
    int at = (int) valuesAt(place) + index * bytes;
    return switch (bytes) {
      case 1 -> file.get(at) & 0xff;
      case 2 -> file.getShort(at) & 0xffff;
      default -> file.getInt(at) & 0xffffffffL;
    };
  }

  /** The file with a directory at its end that has what the pixels need, and no other page. */
  byte[] plain() {
    int bytes = encoded.length;
    ByteBuffer plain =
        ByteBuffer.allocate(bytes + (bytes & 1) + 2 + kept.size() * ENTRY_BYTES + 4)
            .order(file.order());
    plain.put(encoded);
    int directory = bytes + (bytes & 1);
    plain.putInt(4, directory);
    plain.position(directory);
    plain.putShort((short) kept.size());
    for (int place : kept) {
      plain.put(encoded, place, ENTRY_BYTES);
    }
    return plain.array();
  }

  static BadImageException damaged(String how) {
    return new BadImageException("its TIFF data are damaged (%s)".formatted(how));
  }
}
