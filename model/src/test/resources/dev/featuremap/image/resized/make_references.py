"""Makes references.txt: what torchvision (on images of Pillow) and TensorFlow make of small images.

Written by: (make_references.py torchvision; make_references.py tensorflow) > references.txt, with Pillow 13.0.0,
torchvision 0.29.2 and TensorFlow 2.21.0. A line is a value of data.resize, the height and width of the image, those that
are wanted, and the channels' rows in hexadecimal.
"""

import sys

import numpy as np

FILTERS = ("bilinear", "bicubic")


def picture(height, width):
    """Slopes, edges and noise, one a channel."""
    y, x = np.mgrid[0:height, 0:width]
    slopes = (x * 255 // width + y * 255 // height) // 2
    edges = ((x // 3 + y // 5) % 2) * 255
    noise = (x * x * 31 + y * y * 57 + x * y * 13 + x + 7 * y) % 256
    return np.stack([slopes, edges, noise], axis=2).astype(np.uint8)


def line(setting, image, target, result):
    values = np.transpose(np.asarray(result), (2, 0, 1)).astype(np.uint8)
    height, width = image.shape[:2]
    print(f"{setting} | {height} {width} | {target[0]} {target[1]} | {values.tobytes().hex()}")


def torchvision_lines():
    from PIL import Image
    from torchvision.transforms import InterpolationMode, functional

    for size in ((20, 30), (31, 20), (9, 7), (17, 17)):
        image = picture(*size)
        pillow = Image.fromarray(image)
        for name in FILTERS:
            mode = InterpolationMode(name)
            suffix = "" if name == "bilinear" else f", filter = {name}"
            for target in ((12, 12), (40, 7), size):
                result = functional.resize(pillow, list(target), mode)
                line(f"{{ like = pillow{suffix} }}", image, target, result)
            for shorter, crop in ((16, 14), (13, 13), (25, 22), (10, 15)):
                scaled = functional.resize(pillow, shorter, mode)
                result = functional.center_crop(scaled, [crop, crop])
                line(f"{{ shorter = {shorter}, crop = {crop}{suffix} }}", image, (crop, crop), result)
            scaled = functional.resize(pillow, 20, mode)
            result = functional.center_crop(scaled, [11, 26])
            line(f"{{ shorter = 20{suffix} }}", image, (11, 26), result)


def tensorflow_lines():
    import tensorflow as tf

    for size in ((20, 30), (31, 20), (9, 7), (17, 17)):
        image = picture(*size)
        for name in FILTERS:
            suffix = "" if name == "bilinear" else f", filter = {name}"
            for target in ((12, 12), (40, 7), size):
                result = tf.image.resize(image, target, method=name)
                line(f"{{ like = tensorflow{suffix} }}", image, target, np.rint(np.clip(result, 0, 255)))
            # As EfficientNet's center crop with padding.
            side = int(np.float32(16 / (16 + 4)) * np.float32(min(size)))
            top, left = ((size[0] - side) + 1) // 2, ((size[1] - side) + 1) // 2
            result = tf.image.resize(image[top : top + side, left : left + side], (16, 16), method=name)
            line(f"{{ like = tensorflow, crop-padding = 4{suffix} }}", image, (16, 16), np.rint(np.clip(result, 0, 255)))


{"torchvision": torchvision_lines, "tensorflow": tensorflow_lines}[sys.argv[1]]()
