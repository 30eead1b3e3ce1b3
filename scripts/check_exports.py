"""Compares exported networks with PyTorch and ONNX Runtime: check_exports.py DIRECTORY (see check-exports)."""

import ast
import importlib.util
import pathlib
import sys

import numpy
import onnx
import onnxruntime
import torch

TOLERANCE = 1e-4


def pytorch(directory, pixels):
    spec = importlib.util.spec_from_file_location("model", directory / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.load(directory / "model.safetensors")
    with torch.no_grad():
        return network(module.normalize(torch.from_numpy(pixels))).numpy(), module.LABELS


def onnx_runtime(directory, pixels):
    path = str(directory / "model.onnx")
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    labels = ast.literal_eval(metadata.get("featuremap.labels", "[]"))
    return session.run(["logits"], {"pixels": pixels.astype(numpy.float32)})[0], labels


def check(directory):
    shape = [int(size) for size in (directory / "shape.txt").read_text().split()]
    pixels = numpy.fromfile(directory / "pixels.bin", numpy.uint8).reshape(shape)
    logits = numpy.fromfile(directory / "logits.bin", "<f4").reshape(shape[0], -1)
    scale = max(1, float(numpy.abs(logits).max()))
    found_labels = []
    differences = []
    for framework in pytorch, onnx_runtime:
        found, labels = framework(directory, pixels)
        if found.shape != logits.shape:
            sys.exit(f"{directory.name}: {framework.__name__} gives {found.shape}, expected {logits.shape}")
        differences.append(float(numpy.abs(found - logits).max()) / scale)
        found_labels.append(labels)
    print(
        f"{directory.name:20} largest logit {scale:8.3f}"
        f"  PyTorch {differences[0]:.1e}  ONNX Runtime {differences[1]:.1e}"
    )
    return max(differences) < TOLERANCE and found_labels[0] == found_labels[1]


def main():
    directories = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir())
    failed = [directory.name for directory in directories if not check(directory)]
    if failed or not directories:
        sys.exit(f"{len(failed)} of {len(directories)} exports differ: {' '.join(failed)}")
    print(f"{len(directories)} exports agree within {TOLERANCE:g} of their largest logit")


main()
