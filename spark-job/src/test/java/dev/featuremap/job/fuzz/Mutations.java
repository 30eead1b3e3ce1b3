package dev.featuremap.job.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Damaged inputs: the same seed and number give the same one. */
final class Mutations {
  private static final int MOST_AT_ONCE = 4;
  private static final byte[] BYTES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, ' ', '"', '{', '['};
  private static final int[] INTEGERS = {
    0, 1, -1, 0x7fffffff, 0x80000000, 0x10000, 0xffff, 0x7fffff00, 0x00010000, 1_000_000_000
  };
  private static final List<String> TEXTS =
      List.of(
          "\"",
          "}",
          "]",
          "{\"",
          "[[[[[[[[",
          "null",
          "-1",
          "1e999",
          "99999999999999999999",
          "NaN",
          "0.0000001",
          "\\u0000",
          "\\ud800",
          "${x}",
          "../",
          "\0",
          "# ",
          "+=",
          "é",
          "[".repeat(800),
          "{a:".repeat(400),
          "base = ${base}\n",
          "include url(\"http://127.0.0.1:9/x\")\n",
          "include file(\"/dev/zero\")\n",
          "x = ${HOME}\n",
          doubling());

  private final List<byte[]> seeds;
  private final long seed;

  /** Short text that says a value of 10 TB. */
  private static String doubling() {
    StringBuilder text = new StringBuilder("x0 = 0123456789\n");
    for (int k = 1; k <= 40; k++) {
      text.append("x%s = ${x%s}${x%s}\n".formatted(k, k - 1, k - 1));
    }
    return text.toString();
  }

  Mutations(List<byte[]> seeds, long seed) {
    this.seeds = seeds;
    this.seed = seed;
  }

  /** One of the seeds, damaged in one to four ways. */
  byte[] input(long number) {
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number);
    byte[] input = one(random);
    for (int times = 1 + random.nextInt(MOST_AT_ONCE); times > 0; times--) {
      input = mutate(input, random);
    }
    return input;
  }

  private byte[] one(SplittableRandom random) {
    return seeds.get(random.nextInt(seeds.size())).clone();
  }

  private byte[] mutate(byte[] input, SplittableRandom random) {
    if (input.length == 0) {
      return one(random);
    }
    // Most of what a parser decides on stands at the beginning.
    int bound = random.nextBoolean() ? input.length : Math.min(input.length, 64);
    int at = random.nextInt(bound);
    int length = 1 + random.nextInt(Math.min(input.length - at, 1 + random.nextInt(64)));
    return switch (random.nextInt(10)) {
      case 0 -> flip(input, at, random);
      case 1 -> replace(input, at, 1, new byte[] {BYTES[random.nextInt(BYTES.length)]});
      case 2 -> replace(input, at, Math.min(4, input.length - at), integer(random));
      case 3 -> replace(input, at, length, new byte[0]);
      case 4 -> replace(input, at, 0, slice(input, at, length));
      case 5 -> replace(input, at, 0, text(random));
      case 6 -> replace(input, at, length, text(random));
      case 7 -> slice(input, 0, at);
      case 8 -> splice(input, at, one(random), random);
      default -> replace(input, at, length, noise(length, random));
    };
  }

  private static byte[] flip(byte[] input, int at, SplittableRandom random) {
    input[at] ^= (byte) (1 << random.nextInt(8));
    return input;
  }

  private static byte[] splice(byte[] input, int at, byte[] other, SplittableRandom random) {
    int from = other.length == 0 ? 0 : random.nextInt(other.length);
    return replace(input, at, input.length - at, slice(other, from, other.length - from));
  }

  private static byte[] integer(SplittableRandom random) {
    int value = INTEGERS[random.nextInt(INTEGERS.length)];
    int ordered = random.nextBoolean() ? value : Integer.reverseBytes(value);
    return new byte[] {
      (byte) (ordered >>> 24), (byte) (ordered >>> 16), (byte) (ordered >>> 8), (byte) ordered
    };
  }

  private static byte[] text(SplittableRandom random) {
    return TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(int length, SplittableRandom random) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] slice(byte[] input, int from, int length) {
    byte[] slice = new byte[length];
    System.arraycopy(input, from, slice, 0, length);
    return slice;
  }

  /** The input with some of its bytes replaced by others. */
  private static byte[] replace(byte[] input, int at, int length, byte[] others) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + others.length);
    out.write(input, 0, at);
    out.writeBytes(others);
    out.write(input, at + length, input.length - at - length);
    return out.toByteArray();
  }
}
