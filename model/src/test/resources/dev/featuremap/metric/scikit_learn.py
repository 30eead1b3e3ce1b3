"""Makes scikit-learn.conf: predictions, and what scikit-learn says of them. Needs scikit-learn 1.9.1 or later.

python scikit_learn.py > scikit-learn.conf
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.metrics import (accuracy_score, log_loss, precision_recall_fscore_support, roc_auc_score, top_k_accuracy_score)
warnings.simplefilter("ignore")

def calibration_error(label, p, bins=15):
    confidence, hit = p.max(axis=1), p.argmax(axis=1) == label
    at = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    return sum(abs(hit[at == b].sum() - confidence[at == b].sum()) for b in range(bins)) / len(label)

def auc(label, p):
    if p.shape[1] == 2:
        return roc_auc_score(label, p[:, 1])
    areas = [roc_auc_score(label == c, p[:, c]) for c in range(p.shape[1]) if 0 < (label == c).sum() < len(label)]
    if len(areas) == p.shape[1]:
        assert abs(roc_auc_score(label, p, multi_class="ovr", average="macro") - np.mean(areas)) < 1e-12
    return np.mean(areas)

def case(name, seed, images, classes, sixtyfourths, labels):
    r = np.random.default_rng(seed)
    p = r.dirichlet(np.full(classes, 0.5), images)
    label = np.array([r.choice(classes, p=0.5 * q + 0.5 / classes) for q in p]) % labels
    if sixtyfourths:  # many equal probabilities, and some that are 0
        p = np.floor(p * 64) / 64
        p[np.arange(images), p.argmax(axis=1)] += 1 - p.sum(axis=1)
    p32 = p.astype(np.float32)
    p = p32.astype(np.float64)
    taken = p.argmax(axis=1)
    every = list(range(classes))
    pr, rc, f1, n = precision_recall_fscore_support(label, taken, labels=every, zero_division=0)
    macro = precision_recall_fscore_support(label, taken, average="macro", zero_division=0)
    return {
        "name": name, "classes": classes, "labels": label.tolist(),
        "probabilities": [float(str(v)) for v in p32.ravel()],
        "accuracy": accuracy_score(label, taken),
        "top5": top_k_accuracy_score(label, p, k=5, labels=every) if classes > 5 else None,
        "precision": macro[0], "recall": macro[1], "f1": macro[2], "auc": auc(label, p),
        "logLoss": log_loss(label, p, labels=every), "calibrationError": calibration_error(label, p),
        "ofClasses": [{"images": int(n[c]), "precision": pr[c], "recall": rc[c], "f1": f1[c],
            "auc": roc_auc_score(label == c, p[:, c]) if 0 < n[c] < images else None} for c in every]}

cases = [case("ten classes", 1, 200, 10, False, 10), case("equal probabilities", 2, 150, 8, True, 8),
         case("two classes", 3, 60, 2, False, 2), case("two classes with equal probabilities", 4, 60, 2, True, 2),
         case("classes without images", 5, 40, 12, True, 9), case("three classes", 6, 50, 3, False, 3)]
print("# Made with NumPy %s and scikit-learn %s by scikit_learn.py beside this file." % (np.__version__, sklearn.__version__))
print("cases = [")
for c in cases: print(json.dumps(c).replace("}, {\"images", "},\n  {\"images"))
print("]")
