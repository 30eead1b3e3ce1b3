"""The PyTorch side of check-several-labels: check_several_labels.py images PHOTOS TO | train IMAGES SEED EPOCHS."""

import json
import pathlib
import random
import sys

import numpy
import torch
from PIL import Image
from sklearn.metrics import average_precision_score
from torch import nn

SIDE = 32  # of a quarter
LABELS = 3
SIZES = {"train": 4000, "test": 1000}
BATCH = 32
RATE = 0.002
MEAN = torch.tensor([0.4914, 0.4822, 0.4465])[:, None, None]
DEVIATION = torch.tensor([0.2470, 0.2435, 0.2616])[:, None, None]


def quarter(path):
    """The middle square of a photo."""
    image = Image.open(path).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.BILINEAR)


def images(photos, to):
    classes = sorted(path.name for path in (photos / "train").iterdir() if path.is_dir())
    draw = random.Random(1)
    for part, count in SIZES.items():
        # A directory called as its list is would be a set of its own.
        folder = f"images-{part}"
        (to / folder).mkdir(parents=True, exist_ok=True)
        files = {name: sorted((photos / part / name).iterdir()) for name in classes}
        lines = []
        for number in range(count):
            names = draw.sample(classes, LABELS)
            image = Image.new("RGB", (2 * SIDE, 2 * SIDE))
            for name, place in zip(names, draw.sample(range(4), LABELS)):
                image.paste(quarter(draw.choice(files[name])), (place % 2 * SIDE, place // 2 * SIDE))
            image.save(to / folder / f"{number}.png")
            lines.append(json.dumps({"image": f"{folder}/{number}.png", "label": sorted(names)}))
        (to / f"{part}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (to / "classes.txt").write_text(str(len(classes)), encoding="utf-8")


def read(directory, part):
    rows = [json.loads(line) for line in (directory / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]
    names = sorted({name for row in rows for name in row["label"]})
    pixels = torch.stack([torch.from_numpy(numpy.array(Image.open(directory / row["image"]))) for row in rows])
    labels = torch.tensor([[name in row["label"] for name in names] for row in rows]).float()
    return (pixels.permute(0, 3, 1, 2).float() / 255 - MEAN) / DEVIATION, labels


class Block(nn.Module):
    def __init__(self, channels, maps, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, maps, 3, stride, 1, bias=False), nn.BatchNorm2d(maps), nn.ReLU(),
            nn.Conv2d(maps, maps, 3, 1, 1, bias=False), nn.BatchNorm2d(maps))
        self.shortcut = nn.Identity() if channels == maps else nn.Sequential(
            nn.Conv2d(channels, maps, 1, stride, bias=False), nn.BatchNorm2d(maps))

    def forward(self, x):
        return nn.functional.relu(self.body(x) + self.shortcut(x))


def resnet8(classes):
    network = nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
    return network


def train(directory, seed, epochs):
    torch.manual_seed(seed)
    inputs, labels = read(directory, "train")
    network = resnet8(labels.shape[1])
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(labels) // BATCH))
    for _ in range(epochs):
        for batch in torch.randperm(len(labels))[:len(labels) // BATCH * BATCH].split(BATCH):
            optimizer.zero_grad()
            # The sum over classes, as featuremap has it.
            loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[batch]), labels[batch])
            (loss * labels.shape[1]).backward()
            optimizer.step()
            schedule.step()
    network.eval()
    inputs, labels = read(directory, "test")
    with torch.no_grad():
        scores = torch.cat([network(part) for part in inputs.split(100)]).sigmoid()
    print(f"{average_precision_score(labels.numpy(), scores.numpy(), average='macro'):.4f}")


def main():
    command, directory, *rest = sys.argv[1:]
    if command == "images":
        images(pathlib.Path(directory), pathlib.Path(rest[0]))
    else:
        train(pathlib.Path(directory), int(rest[0]), int(rest[1]))


if __name__ == "__main__":
    main()
