"""Decodes images with Pillow, as a reference: reference_pixels.py IMAGES REFERENCE (see compare-pixels).

Writes REFERENCE/<path of the image>.ppm with the pixels of Image.open(...).convert("RGB"), which ignores profiles of
colour. What Pillow refuses has REFERENCE/<path>.refused instead, with the reason.
"""

import pathlib
import sys
import warnings

from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")


def rgb(path):
    with Image.open(path, formats=FORMATS) as image:
        if image.mode.startswith("I"):
            # 16 bits of grey would be cut at 255, not shortened.
            return image.convert("I").point(lambda sample: sample / 256).convert("L").convert("RGB")
        return image.convert("RGB")


def write(path, to):
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        image = rgb(path)
    except Exception as failure:  # whatever stands in a file, Pillow may raise
        pathlib.Path(f"{to}.refused").write_text(f"{type(failure).__name__}: {failure}\n", encoding="utf-8")
    else:
        image.save(f"{to}.ppm")


def main():
    warnings.simplefilter("ignore")
    images, reference = map(pathlib.Path, sys.argv[1:])
    for path in sorted(images.rglob("*")):
        if path.is_file():
            write(path, reference / path.relative_to(images))


main()
