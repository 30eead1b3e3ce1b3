"""Compares networks with their models in PyTorch: check_architectures.py DIRECTORY [network...] -- JAVA... (see
check-architectures). JAVA is the command of LogitsAndGradients, which says what both write into the directory."""

import copy
import pathlib
import re
import subprocess
import sys

import numpy
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import load_file, save_file
from torch import nn

TOLERANCE = 1e-4
TABLE = pathlib.Path("src/test/resources/dev/featuremap/job/config/architectures.tsv")
IMAGES = 8

# Height and width of the images: small for speed, but where the net allows it no size that is divided evenly.
SIDE = 72
SIDES = {
    "inception-v3": 139,
    "squeezenet-1.0": 224,
    "mobilenet-v3-small": 224,
    "shufflenet-v2-x0.5": 224,
    "efficientnet-lite0": 224,
    "efficientnet-lite3": 97,
}


def same(name):
    """A name without what its two spellings differ in; regnet_x_1_6gf and regnet_x_16gf stay different."""
    return re.sub(r"(?<!\d)_|_(?!\d)", "", name.replace("-", "_").replace(".", "_"))


def build(name, side):
    if name.startswith("efficientnet-lite"):
        return EfficientNet.from_name(name, image_size=side, drop_connect_rate=0)
    builders = [model for model in torchvision.models.list_models() if same(model) == same(name)]
    headless = {"aux_logits": False, "init_weights": True} if name in ("googlenet", "inception-v3") else {}
    return torchvision.models.get_model(builders[0], weights=None, **headless)


def without_chance(model):
    for module in model.modules():
        if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
            module.p = 0.0


def randomize(model, images):
    """Moves what starts as ones, zeros or nearly nothing, and the statistics of batch normalization."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.dim() == 1 and name.endswith("weight"):
                tensor.uniform_(0.8, 1.2)
            elif name.endswith("bias"):
                tensor.normal_(0, 0.05)
            elif name.endswith("layer_scale"):
                tensor.uniform_(0.1, 0.3)
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.momentum = 0.6
        model.train()
        for _ in range(2):
            model(torch.randn_like(images))
        for norm, momentum in zip(norms, momenta):
            norm.momentum = momentum


def logits_and_gradients(model, images, labels):
    model.eval()
    with torch.no_grad():
        logits = model(images)
    model.train()
    nn.functional.cross_entropy(model(images), labels, reduction="sum").backward()
    found = {name: tensor.grad for name, tensor in model.named_parameters()}
    found |= {name: tensor for name, tensor in model.named_buffers() if not name.endswith("num_batches_tracked")}
    return logits.double(), {name: tensor.detach().double() for name, tensor in found.items()}


def largest_difference(found, expected, total):
    """Of all tensors, in units of a tensor's norm, and its name. Where the network does not depend on a parameter, as
    on a bias before batch normalization, only rounding is left: there a share of the norm of all gradients counts."""
    differences = {}
    for name, tensor in expected.items():
        difference = (found[name].double().reshape(tensor.shape) - tensor).norm().item()
        differences[name] = difference / max(tensor.norm().item(), 1e-4 * total, 1e-30)
    return max((difference, name) for name, difference in differences.items())


def check(name, directory, java):
    torch.manual_seed(len(name))
    side = SIDES.get(name, SIDE)
    pixels = torch.randint(0, 256, (IMAGES, 3, side, side), dtype=torch.uint8)
    # Noise alone is grey to a deep network: patches of colour tell the images apart.
    patches = torch.randint(-96, 96, (IMAGES, 3, 5, 5)).float()
    patches = nn.functional.interpolate(patches, size=(side, side), mode="bilinear")
    pixels = (pixels.float() / 2 + 64 + patches).clamp(0, 255).to(torch.uint8)
    labels = torch.randint(0, 1000, (IMAGES,))
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    if name in ("googlenet", "inception-v3"):
        mean = deviation = torch.full((3,), 0.5)
    images = (pixels.double() / 255 - mean.double()[:, None, None]) / deviation.double()[:, None, None]

    model = build(name, side)
    without_chance(model)
    randomize(model, images.float())
    state = {key: tensor.contiguous() for key, tensor in model.state_dict().items()}
    save_file(state, directory / "weights.safetensors")
    pixels.numpy().tofile(directory / "pixels.bin")
    (directory / "labels.txt").write_text("".join(f"{label}\n" for label in labels.tolist()))
    java.stdin.write(f"{name} {side} {directory}\n")
    java.stdin.flush()
    exact = copy.deepcopy(model).double()
    logits, gradients = logits_and_gradients(exact, images, labels)
    usual_logits, usual = logits_and_gradients(model, images.float(), labels)
    if java.stdout.readline().strip() != name:
        sys.exit(f"{name}: the Java program has stopped")

    found_logits = torch.from_numpy(numpy.fromfile(directory / "logits.bin", "<f4")).reshape(logits.shape).double()
    found = load_file(directory / "gradients.safetensors")
    if set(found) != set(gradients):
        sys.exit(f"{name}: tensors differ: {sorted(set(found) ^ set(gradients))}")
    scale = logits.abs().max().item()
    total = torch.stack([gradients[key].norm() for key, _ in model.named_parameters()]).norm().item()
    ours = (found_logits - logits).abs().max().item() / scale
    theirs = (usual_logits - logits).abs().max().item() / scale
    difference, where = largest_difference(found, gradients, total)
    usual_difference, _ = largest_difference(usual, gradients, total)
    passed = ours < TOLERANCE and difference < TOLERANCE
    print(
        f"{name:20} {side:3}  logits up to {scale:8.3g}: {ours:.1e} ({theirs:.1e})"
        f"  gradients: {difference:.1e} ({usual_difference:.1e}) {where}{'' if passed else '  FAILED'}",
        flush=True,
    )
    return passed


def main():
    split = sys.argv.index("--")
    directory = pathlib.Path(sys.argv[1])
    known = [line.split("\t")[0] for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    names = sys.argv[2:split] or known
    if unknown := set(names) - set(known):
        sys.exit(f"Cannot compare {' '.join(sorted(unknown))}: known are {' '.join(known)}")
    print("Differences from PyTorch in double precision; in brackets those of PyTorch in single precision.", flush=True)
    with subprocess.Popen(sys.argv[split + 1 :], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as java:
        failed = [name for name in names if not check(name, directory, java)]
        java.stdin.close()
    if failed:
        sys.exit(f"{len(failed)} of {len(names)} networks differ: {' '.join(failed)}")
    print(f"{len(names)} networks agree with PyTorch within {TOLERANCE:g}")


main()
