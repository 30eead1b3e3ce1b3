"""Writes the files of this directory: six images of 4x4 grey pixels in the forms that other libraries write.

Pixel (row, column) of image k is (40 k + 3 row + column) mod 256; labels are cat, dog, cat, cat, dog, dog.
Made with pillow 13.0.0, pandas 3.1.1, pyarrow 26.0.1, webdataset 1.0.2, zstandard 0.25.0, tfrecord 1.14.6 and
tensorflow-cpu 2.21.0.
"""

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import tarfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.orc as orc
import pyarrow.parquet as pq
import tensorflow as tf
import webdataset as wds
import zstandard
from PIL import Image

LABELS = ["cat", "dog", "cat", "cat", "dog", "dog"]
NUMBERS = [0, 1, 0, 0, 1, 1]
PIXELS = [np.array([[(40 * k + 3 * r + c) % 256 for c in range(4)] for r in range(4)], np.uint8) for k in range(6)]


def png(k):
    out = io.BytesIO()
    Image.fromarray(PIXELS[k]).save(out, "png")
    return out.getvalue()


FILES = [png(k) for k in range(6)]

os.makedirs("images/b", exist_ok=True)
for k, content in enumerate(FILES):
    with open(f"images/{'b/' if k == 5 else ''}{k}.png", "wb") as out:
        out.write(content)
names = [f"{'b/' if k == 5 else ''}{k}" for k in range(6)]
paths = [f"images/{name}.png" for name in names]

# Lists: Kaggle's form, without extension; tabs; JSON lines.
pd.DataFrame({"image_id": names, "label": LABELS}).to_csv("kaggle.csv", index=False)
pd.DataFrame({"label": LABELS, "path": paths, "note": ['a "quoted", one'] * 6}).to_csv("list.tsv", index=False, sep="\t")
pd.DataFrame({"image": paths, "annotation": [{"label": name} for name in LABELS]}).to_json(
    "list.jsonl", orient="records", lines=True)
pd.DataFrame({"image": paths, "label": LABELS}).to_csv("list.csv.gz", index=False, encoding="utf-8-sig")

# Tables of paths, and what labels are in them.
frame = pd.DataFrame({
    "image": paths,
    "label": LABELS,
    "number": [float(n) for n in NUMBERS],
    "tame": [n == 1 for n in NUMBERS],
    "large": [10**12 + n for n in NUMBERS],
    "half": [n + 0.5 for n in NUMBERS],
})
frame.to_parquet("paths.parquet", index=False)
orc.write_table(pa.Table.from_pandas(frame, preserve_index=False), "paths.orc")

# Hugging Face's form where images are given by path, and Spark's image struct.
rows = [{"bytes": FILES[k] if k % 2 else None, "path": paths[k]} for k in range(6)]
pq.write_table(pa.table({"image": rows, "label": LABELS}), "some_bytes.parquet")
spark = pa.struct([("origin", pa.string()), ("height", pa.int32()), ("width", pa.int32()),
                   ("nChannels", pa.int32()), ("mode", pa.int32()), ("data", pa.binary())])
rows = [{"origin": paths[k], "height": 4, "width": 4, "nChannels": 1, "mode": 0, "data": PIXELS[k].tobytes()}
        for k in range(6)]
pq.write_table(pa.table({"image": pa.array(rows, spark), "label": LABELS}), "image_struct.parquet")

# WebDataset.
for form in ["cls", "txt", "json"]:
    with wds.TarWriter(f"samples_{form}.tar", encoder=True, mtime=0) as out:
        for k in range(6):
            label = {"cls": NUMBERS[k], "txt": LABELS[k], "json": {"label": LABELS[k], "width": 4}}[form]
            out.write({"__key__": f"{k:04d}", "png": FILES[k], form: label})


def add(tar, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


plain = io.BytesIO()
with tarfile.open(fileobj=plain, mode="w") as tar:
    for k in range(6):
        add(tar, f"photos/{LABELS[k]}/{k}.png", FILES[k])
with open("by_folder.tar", "wb") as out:
    out.write(plain.getvalue())
with open("samples_txt.tar", "rb") as tar, open("samples_txt.tar.zst", "wb") as out:
    out.write(zstandard.ZstdCompressor().compress(tar.read()))


# TFRecord, by TensorFlow and by the library tfrecord.
def feature(value):
    if isinstance(value, int):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))


def example(k):
    features = {
        "image/encoded": feature(FILES[k]),
        "image/format": feature(b"png"),
        "image/class/label": feature(NUMBERS[k] + 1),
        "image/class/text": feature(LABELS[k].encode()),
        "image/object/bbox/xmin": tf.train.Feature(float_list=tf.train.FloatList(value=[0.25, 0.5])),
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString(deterministic=True)


for name, compression in [("imagenet.tfrecord-00000-of-00001", None), ("imagenet.tfrecord.gz", "GZIP")]:
    with tf.io.TFRecordWriter(name, options=compression) as out:
        for k in range(6):
            out.write(example(k))
# In a process of its own: both libraries register the same messages.
subprocess.run([sys.executable, "-c", f"""
import tfrecord
writer = tfrecord.TFRecordWriter("tfds.tfrecord")
for image, label in zip({FILES!r}, {NUMBERS!r}):
    writer.write({{"image": (image, "byte"), "label": (label, "int")}})
writer.close()
"""], check=True)


# EMNIST stores images transposed; QMNIST stores eight 32-bit numbers a label.
def idx(name, array, code):
    head = struct.pack(">BBBB", 0, 0, code, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with gzip.GzipFile(name, "wb", mtime=0) as out:
        out.write(head + array.tobytes())


os.makedirs("emnist", exist_ok=True)
os.makedirs("qmnist", exist_ok=True)
pixels = np.stack(PIXELS)
for train, images, labels in [("train", pixels, NUMBERS), ("test", pixels[:4], NUMBERS[:4])]:
    idx(f"emnist/emnist-letters-{train}-images-idx3-ubyte.gz", images.transpose(0, 2, 1).copy(), 8)
    idx(f"emnist/emnist-letters-{train}-labels-idx1-ubyte.gz", np.array([n + 1 for n in labels], np.uint8), 8)
    idx(f"qmnist/qmnist-{train}-images-idx3-ubyte.gz", images, 8)
    rows = np.array([[n, 0, 2300 + k, 7, 10, 3, 0, k] for k, n in enumerate(labels)], ">i4")
    idx(f"qmnist/qmnist-{train}-labels-idx2-int.gz", rows, 12)
