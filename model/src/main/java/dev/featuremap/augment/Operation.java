package dev.featuremap.augment;

/**
 * The operations of RandAugment and TrivialAugment, with the magnitudes that torchvision's {@code
 * RandAugment} and {@code TrivialAugmentWide} give their 31 bins. Pixels are levels from 0 to 255,
 * as Pillow has them; where pixels move, what comes from outside is black, and nothing is
 * interpolated.
 */
enum Operation {
  IDENTITY(false) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return 0;
    }

    @Override
    void apply(LevelImage image, double magnitude) {}
  },
  SHEAR_X(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return upTo(isWide(kind) ? 0.99 : 0.3, bin);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.move(1, magnitude, 0, 0, 1, 0);
    }
  },
  SHEAR_Y(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return SHEAR_X.magnitude(kind, bin, height, width);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.move(1, 0, 0, magnitude, 1, 0);
    }
  },
  TRANSLATE_X(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return (int) upTo(isWide(kind) ? 32 : 150.0 / 331 * width, bin);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.move(1, 0, -magnitude, 0, 1, 0);
    }
  },
  TRANSLATE_Y(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return TRANSLATE_X.magnitude(kind, bin, width, height);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.move(1, 0, 0, 0, 1, -magnitude);
    }
  },
  ROTATE(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return upTo(isWide(kind) ? 135 : 30, bin);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.rotate(magnitude);
    }
  },
  BRIGHTNESS(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return upTo(isWide(kind) ? 0.99 : 0.9, bin);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.scaleBrightness(1 + magnitude);
    }
  },
  COLOR(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return BRIGHTNESS.magnitude(kind, bin, height, width);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.scaleColour(1 + magnitude);
    }
  },
  CONTRAST(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return BRIGHTNESS.magnitude(kind, bin, height, width);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.scaleContrast(1 + magnitude);
    }
  },
  SHARPNESS(true) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return BRIGHTNESS.magnitude(kind, bin, height, width);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.sharpen(1 + magnitude);
    }
  },
  POSTERIZE(false) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return 8 - Math.rint(upTo(isWide(kind) ? 6 : 4, bin));
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.keepBits((int) magnitude);
    }
  },
  SOLARIZE(false) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return 255 - upTo(255, bin);
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.invertFrom(magnitude);
    }
  },
  AUTO_CONTRAST(false) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return 0;
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.stretch();
    }
  },
  EQUALIZE(false) {
    @Override
    double magnitude(Policy.Kind kind, int bin, int height, int width) {
      return 0;
    }

    @Override
    void apply(LevelImage image, double magnitude) {
      image.equalize();
    }
  };

  private static final Operation[] ALL = values();

  private final boolean signed;

  Operation(boolean signed) {
    this.signed = signed;
  }

  /** How many there are. */
  static int count() {
    return ALL.length;
  }

  /** The one of a number, from 0. */
  static Operation of(int number) {
    return ALL[number];
  }

  /** True if half of the magnitudes are taken with the other sign. */
  boolean isSigned() {
    return signed;
  }

  /** The magnitude of a bin, for images of a size. */
  abstract double magnitude(Policy.Kind kind, int bin, int height, int width);

  /** Changes an image. */
  abstract void apply(LevelImage image, double magnitude);

  private static boolean isWide(Policy.Kind kind) {
    return kind == Policy.Kind.TRIVIAL_AUGMENT;
  }

  private static double upTo(double most, int bin) {
    return most * bin / (Policy.BINS - 1);
  }
}
