"""Resizes photographs as a library does, for check-pixels: check_pixels.py torchvision|tensorflow PHOTOS COUNT DIRECTORY.

Writes photographs as Pillow decodes them, and what the library makes of them, both as PPM, and a line for each of the
latter to list.txt: library, value of data.resize, the two files.
"""

import pathlib
import sys

import numpy as np
from PIL import Image

SIZES = (224, 64, 500)


def save(values, path):
    Image.fromarray(np.asarray(values, dtype=np.uint8)).save(path)
    return path.name


def torchvision_ways(image):
    from torchvision.transforms import InterpolationMode, functional

    for filter in "bilinear", "bicubic":
        mode = InterpolationMode(filter)
        for side in SIZES:
            shorter = side * 8 // 7
            scaled = functional.resize(image, shorter, mode)
            yield f"{{ shorter = {shorter}, filter = {filter} }}", functional.center_crop(scaled, [side, side])
            yield f"{{ like = pillow, filter = {filter} }}", functional.resize(image, [side, side], mode)


def tensorflow_ways(image):
    import tensorflow as tf

    values = np.asarray(image)
    height, width = values.shape[:2]
    for filter in "bilinear", "bicubic":
        for side in SIZES:
            result = tf.image.resize(values, [side, side], method=filter)
            yield f"{{ like = tensorflow, filter = {filter} }}", np.rint(np.clip(result, 0, 255))
            crop = int(np.float32(side / (side + 32)) * np.float32(min(height, width)))
            top, left = (height - crop + 1) // 2, (width - crop + 1) // 2
            result = tf.image.resize(values[top : top + crop, left : left + crop], [side, side], method=filter)
            yield f"{{ like = tensorflow, crop-padding = 32, filter = {filter} }}", np.rint(np.clip(result, 0, 255))


def main():
    library, photos, count, directory = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
    ways = {"torchvision": torchvision_ways, "tensorflow": tensorflow_ways}[library]
    paths = sorted(path for path in photos.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    paths = paths[:: max(1, len(paths) // count)][:count]
    with open(directory / "list.txt", "a", encoding="utf-8") as lines:
        for number, path in enumerate(paths):
            image = Image.open(path).convert("RGB")
            original = save(image, directory / f"{number}.ppm")
            for way, (setting, result) in enumerate(ways(image)):
                made = save(result, directory / f"{number}-{library}-{way}.ppm")
                lines.write(f"{library}|{setting}|{original}|{made}\n")


main()
