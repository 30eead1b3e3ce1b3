"""Writes what scikit-learn and PyTorch say of random outputs for images with several labels, as HOCON.

    python several_labels.py > several-labels.conf
"""

import json

import numpy as np
import sklearn
import torch
from sklearn import metrics

random = np.random.default_rng(7)
print(f"# By several_labels.py, scikit-learn {sklearn.__version__}, PyTorch {torch.__version__}.")
print("cases = [")
for name, images, classes, decimals in (("few", 12, 3, 1), ("many", 200, 7, 3), ("an empty class", 40, 4, 2)):
    truth = (random.random((images, classes)) < 0.35).astype(np.int64)
    if name == "an empty class":
        truth[:, 2] = 0
    truth[0] = 0
    # Few decimals make equal scores; float32, as a network has them.
    logits = np.round(random.normal(0, 1.5, (images, classes)) + truth, decimals).astype(np.float32)
    p = (1 / (1 + np.exp(-logits.astype(np.float64)))).astype(np.float32)
    taken = (p >= 0.5).astype(np.int64)
    used = [c for c in range(classes) if truth[:, c].any()]
    average = {c: metrics.average_precision_score(truth[:, c], p[:, c]) for c in used}
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(logits).double(), torch.tensor(truth).double(), reduction="sum")
    print(json.dumps({
        "name": name,
        "classes": classes,
        "sets": [[int(c) for c in np.flatnonzero(row)] for row in truth],
        "logits": [float(v) for v in logits.ravel()],
        "probabilities": [float(v) for v in p.ravel()],
        "exact-match": metrics.accuracy_score(truth, taken),
        "hamming-loss": metrics.hamming_loss(truth, taken),
        "micro-f1": metrics.f1_score(truth, taken, average="micro"),
        "macro-f1": metrics.f1_score(truth, taken, average="macro", zero_division=0),
        "macro-precision": metrics.precision_score(truth, taken, average="macro", zero_division=0),
        "macro-recall": metrics.recall_score(truth, taken, average="macro", zero_division=0),
        "macro-auc": float(np.mean([metrics.roc_auc_score(truth[:, c], p[:, c]) for c in used])),
        "average-precision": [average.get(c) for c in range(classes)],
        "mean-average-precision": float(np.mean(list(average.values()))),
        "log-loss": float(np.mean([metrics.log_loss(truth[:, c], p[:, c].astype(np.float64), labels=[0, 1])
                                   for c in range(classes)])),
        "loss-sum": loss.item(),
    }))
print("]")
