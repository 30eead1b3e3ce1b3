"""Compares networks with their models in PyTorch: check_architectures.py DIRECTORY [--timm] [network...] -- JAVA... (see
check-architectures). JAVA is the command of LogitsAndGradients, which says what both write into the directory."""

import copy
import math
import pathlib
import re
import subprocess
import sys

import numpy
import timm
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import load_file, save_file
from torch import nn
from torch.overrides import TorchFunctionMode

TOLERANCE = 1e-4
TABLE = pathlib.Path("src/test/resources/dev/featuremap/job/config/architectures.tsv")
TIMM_TABLE = pathlib.Path("../model/src/test/resources/dev/featuremap/format/timm.tsv")
IMAGES = 4

# Rounding must not decide what a rectifier or a max-pool passes; images that come closer are drawn anew, some times.
MARGIN = 8e-6
TRIES = 80

# So they are where PyTorch's own gradients in single precision differ from those in double.
DRAWS = 4

# Height and width of the images: small for speed, but where the net allows it no size that is divided evenly.
SIDE = 72
SIDES = {
    "inception-v3": 139,
    **{f"vgg-{depth}{end}": 40 for depth in (11, 13, 16, 19) for end in ("", "-bn")},
    "squeezenet-1.0": 104,
    "mobilenet-v3-small": 224,
    "shufflenet-v2-x0.5": 224,
    "efficientnet-lite0": 104,
    "efficientnet-lite3": 97,
}


def same(name):
    """A name without what its two spellings differ in; regnet_x_1_6gf and regnet_x_16gf stay different."""
    return re.sub(r"(?<!\d)_|_(?!\d)", "", name.replace("-", "_").replace(".", "_"))


def rows(table):
    lines = [line.split("\t") for line in table.read_text().splitlines()]
    return [cells for cells in lines if not cells[0].startswith("#")]


def build(name, side):
    if name.startswith(("timm-", "tf-")):
        return timm.create_model(next(row[0] for row in rows(TIMM_TABLE) if row[1] == name))
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
    """Moves what starts as ones, zeros or nearly nothing, and the statistics of batch normalization.

    Rectifiers get few inputs near zero, where rounding decides whether a gradient passes: shifts are 2.5 deviations."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.dim() == 1 and name.endswith("weight"):
                tensor.uniform_(0.8, 1.2)
            elif name.endswith("bias"):
                tensor.normal_(0, 0.05)
            elif name.endswith(("layer_scale", "gamma")):
                tensor.uniform_(0.1, 0.3)
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.weight.uniform_(0.35, 0.45)
            norm.bias.uniform_(0.9, 1.1)
            norm.momentum = 0.6
        hooks = []
        if type(model).__name__ in ("AlexNet", "SqueezeNet") or type(model).__name__ == "VGG" and not norms:
            layers = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
            hooks = [layer.register_forward_hook(shift) for layer in layers]
        model.train()
        for _ in range(2):
            model(images + 0.1 * torch.randn_like(images))
        for hook in hooks:
            hook.remove()
        for norm, momentum in zip(norms, momenta):
            norm.momentum = momentum


def shift(layer, _, output):
    """Sets the bias of a convolution so that the mean of each channel is 2.5 deviations above zero."""
    deviation, mean = torch.std_mean(output, [0, 2, 3])
    change = 2.5 * deviation - mean
    layer.bias += change
    return output + change[:, None, None]


class Margins(TorchFunctionMode):
    """How near inputs come to where rectifiers and max-pools change what they pass, in deviations of the input."""

    def __init__(self):
        super().__init__()
        self.smallest = math.inf

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(function, "__name__", "")
        if name in ("relu", "relu_", "relu6", "hardtanh", "hardtanh_"):
            self.note(args[0].abs(), args[0])
            if name not in ("relu", "relu_"):
                self.note((args[0] - 6).abs(), args[0])
        elif name in ("max_pool2d", "_max_pool2d"):
            self.pool(*args, **kwargs)
        return function(*args, **kwargs)

    def note(self, distances, of):
        self.smallest = min(self.smallest, (distances.min() / of.std()).item())

    def pool(self, maps, kernel_size, stride=None, padding=0, **_):
        more = padding + kernel_size - 1  # of ceil_mode
        wide = nn.functional.pad(maps, (padding, more, padding, more), value=-math.inf)
        step = stride or kernel_size
        windows = wide.unfold(2, kernel_size, step).unfold(3, kernel_size, step).flatten(4)
        first, second = windows.topk(2).values.unbind(-1)
        # Equal ones are zeros, which pass no gradient, or copies that another pool made of one value.
        decided = second.isfinite() & (first != second)
        if decided.any():
            self.note((first - second)[decided], maps)


def draw(side):
    """Random pixels. Noise alone is grey to a deep network: patches of colour tell the images apart."""
    noise = torch.randint(0, 256, (IMAGES, 3, side, side)).float()
    patches = torch.randint(-96, 96, (IMAGES, 3, 5, 5)).float()
    patches = nn.functional.interpolate(patches, size=(side, side), mode="bilinear")
    return (noise / 2 + 64 + patches).clamp(0, 255).to(torch.uint8)


def normalized(name, pixels):
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    if name in ("googlenet", "inception-v3") or name.startswith("tf-mobilenet"):
        mean = deviation = torch.full((3,), 0.5)
    return (pixels.double() / 255 - mean.double()[:, None, None]) / deviation.double()[:, None, None]


def clear_images(name, model, side):
    """Images, of some that are tried, whose gradients depend least on rounding, and their margin."""
    best = None
    trial = copy.deepcopy(model).train()
    for _ in range(TRIES):
        pixels = draw(side)
        with torch.no_grad(), Margins() as margins:
            trial(normalized(name, pixels).float())
        if best is None or margins.smallest > best[0]:
            best = margins.smallest, pixels
        if best[0] > MARGIN:
            break
    return best


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


def answer(java, name, side, directory, shape):
    """The logits of the Java program."""
    java.stdin.write(f"{name} {side} {directory}\n")
    java.stdin.flush()
    if java.stdout.readline().strip() != name:
        sys.exit(f"{name}: the Java program has stopped")
    return torch.from_numpy(numpy.fromfile(directory / "logits.bin", "<f4")).reshape(shape).double()


def logit_difference(found, expected):
    return ((found - expected).abs().max() / expected.abs().max()).item()


def check_timm(row, directory, java):
    """Logits alone, of weights under timm's names."""
    other, name = row[:2]
    torch.manual_seed(len(other))
    side = SIDE if name.startswith(("mobilenet", "efficientnet")) else SIDES.get(name, SIDE)
    model = timm.create_model(other)
    without_chance(model)
    pixels = draw(side)
    images = normalized(name, pixels)
    randomize(model, images.float())
    save_file({key: tensor.contiguous() for key, tensor in model.state_dict().items()}, directory / "weights.safetensors")
    (directory / "labels.txt").unlink(missing_ok=True)
    pixels.numpy().tofile(directory / "pixels.bin")
    model.eval()
    with torch.no_grad():
        usual = model(images.float()).double()
        logits = model.double()(images)
    found = answer(java, name, side, directory, logits.shape)
    ours, theirs = logit_difference(found, logits), logit_difference(usual, logits)
    passed = ours < max(TOLERANCE, 2 * theirs)
    print(
        f"{other:25} {name:24} {side:3}  logits {ours:.1e} ({theirs:.1e})"
        f"{'' if passed else '  FAILED'}",
        flush=True,
    )
    return passed


def check(name, directory, java):
    torch.manual_seed(len(name))
    side = SIDES.get(name, SIDE)
    labels = torch.randint(0, 1000, (IMAGES,))
    model = build(name, side)
    without_chance(model)
    randomize(model, normalized(name, draw(side)).float())
    save_file({key: tensor.contiguous() for key, tensor in model.state_dict().items()}, directory / "weights.safetensors")
    (directory / "labels.txt").write_text("".join(f"{label}\n" for label in labels.tolist()))
    for _ in range(DRAWS):
        margin, pixels = clear_images(name, model, side)
        images = normalized(name, pixels)
        logits, gradients = logits_and_gradients(copy.deepcopy(model).double(), images, labels)
        usual_logits, usual = logits_and_gradients(copy.deepcopy(model), images.float(), labels)
        total = torch.stack([gradients[key].norm() for key, _ in model.named_parameters()]).norm().item()
        usual_difference, _ = largest_difference(usual, gradients, total)
        if usual_difference < TOLERANCE / 2:
            break
    pixels.numpy().tofile(directory / "pixels.bin")
    found_logits = answer(java, name, side, directory, logits.shape)
    found = load_file(directory / "gradients.safetensors")
    if set(found) != set(gradients):
        sys.exit(f"{name}: tensors differ: {sorted(set(found) ^ set(gradients))}")
    ours, theirs = logit_difference(found_logits, logits), logit_difference(usual_logits, logits)
    difference, where = largest_difference(found, gradients, total)
    passed = ours < TOLERANCE and difference < max(TOLERANCE, 2 * usual_difference)
    print(
        f"{name:20} {side:3}  logits {ours:.1e} ({theirs:.1e})  gradients {difference:.1e} ({usual_difference:.1e})"
        f"  margin {margin:.0e}  {where}{'' if passed else '  FAILED'}",
        flush=True,
    )
    return passed


def main():
    split = sys.argv.index("--")
    directory = pathlib.Path(sys.argv[1])
    names = sys.argv[2:split]
    of_timm = names[:1] == ["--timm"]
    known = {row[0]: row for row in rows(TIMM_TABLE if of_timm else TABLE)}
    names = names[of_timm:] or list(known)
    if unknown := set(names) - set(known):
        sys.exit(f"Cannot compare {' '.join(sorted(unknown))}: known are {' '.join(known)}")
    print("Differences from PyTorch in double precision; in brackets those of PyTorch in single precision.", flush=True)
    with subprocess.Popen(sys.argv[split + 1 :], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as java:
        if of_timm:
            failed = [name for name in names if not check_timm(known[name], directory, java)]
        else:
            failed = [name for name in names if not check(name, directory, java)]
        java.stdin.close()
    if failed:
        sys.exit(f"{len(failed)} of {len(names)} networks differ: {' '.join(failed)}")
    print(f"{len(names)} networks agree with PyTorch within {TOLERANCE:g}, or within twice its own rounding")


main()
