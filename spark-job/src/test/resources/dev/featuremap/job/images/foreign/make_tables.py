"""Writes tables of this directory that are more than one file: the six images of make_foreign.py in images/, and more.

Made with pandas 3.1.1, pyarrow 26.0.1, deltalake 1.6.6 and pyiceberg 0.12.0.
"""

import os
import shutil

import deltalake
import pandas as pd
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

LABELS = ["cat", "dog", "cat", "cat", "dog", "dog"]
SPLITS = ["train", "train", "validation", "train", "test", "train"]


def image(k):
    return open(f"images/{'b/' if k == 5 else ''}{k}.png", "rb").read()


names = [f"{'b/' if k == 5 else ''}{k}" for k in range(6)]
frame = pd.DataFrame({"image": [image(k) for k in range(6)], "label": LABELS, "split": SPLITS})

# A column that says in which set an image is: Kaggle's list, and a table.
pd.DataFrame({"path": [f"images/{name}.png" for name in names], "label": LABELS, "split": SPLITS}).to_csv(
    "split.csv", index=False)
frame.to_parquet("split.parquet", index=False)

# Hive's folders.
for directory, columns in [("hive_label", ["label"]), ("hive_split", ["split", "label"])]:
    shutil.rmtree(directory, ignore_errors=True)
    frame.to_parquet(directory, index=False, partition_cols=columns, basename_template="part-{i}.parquet")

# Delta and Iceberg, of which two rows were deleted: their files still hold them.
wrong = pa.Table.from_pandas(
    pd.concat([frame, frame[:2].assign(label="wrong", split="train")]), preserve_index=False)
shutil.rmtree("delta", ignore_errors=True)
deltalake.write_deltalake("delta", wrong)
deltalake.DeltaTable("delta").delete("label = 'wrong'")

shutil.rmtree("iceberg", ignore_errors=True)
os.makedirs("iceberg")
catalog = SqlCatalog("here", uri="sqlite:///:memory:", warehouse="file://" + os.path.abspath("iceberg"))
catalog.create_namespace("pictures")
table = catalog.create_table("pictures.digits", schema=wrong.schema, location="file://" + os.path.abspath("iceberg"))
table.append(wrong)
table.delete("label = 'wrong'")
