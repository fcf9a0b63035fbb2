"""Accuracy of converted CIFAR-10 networks after few steps: by the default, made for the steps, signed, as it was.

    python benchmarks/few_steps.py --data FOLDER --out few_steps.csv WEIGHTS.pt [WEIGHTS.pt ...]

FOLDER and the weights are those of cifar10_networks.py. The first 2,000 training images set scales and choices;
accuracy is on the first test images. What is finished is written at once, and not made again.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

import stdpnet
from stdpnet.base import tables
from stdpnet.conversion.ann.activations import with_activation
from stdpnet.conversion.ann.architectures import build
from stdpnet.datasets import load_dataset

COLUMNS = ("network", "conversion", "steps", "n_test", "accuracy", "analogue_accuracy", "agreement")
MADE_FOR = (4, 8, 16)


def network(path):
    """Return a trained network and the mean that is taken from its images."""
    file = torch.load(path, weights_only=True)
    about = json.loads(file["about"])
    model = build(about["architecture"], (3, 32, 32), 10)
    model = with_activation(model, about["activation"])
    model.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in file["state"].items()}
    )
    return model.eval(), np.array(about["mean"], np.float32)[:, None, None]


def answers(model, images):
    """Return the classes that a module gives."""
    with torch.no_grad():
        return np.concatenate([model(torch.tensor(part)).argmax(1).numpy() for part in np.array_split(images, 20)])


def main():
    """Convert and simulate what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("few_steps.csv"))
    parser.add_argument("--images", type=int, default=1000, help="test images")
    parser.add_argument("--steps", type=int, default=32, help="of the default and of what was")
    args = parser.parse_args()
    rows = list(csv.DictReader(args.out.read_text().splitlines())) if args.out.exists() else []
    data = load_dataset(args.data, colour="planes")
    train, test, labels = data.train_images[:2000], data.test_images[: args.images], data.test_labels[: args.images]
    for path in args.weights:
        model, mean = network(path)
        images, shown = (part.astype(np.float32) / 255 - mean for part in (train, test))
        own = answers(model, shown)
        kinds = {"default": (args.steps, {}), "all steps": (args.steps, {"recent": 1.0})}
        kinds |= {f"made for {steps}": (steps, {"steps": steps}) for steps in MADE_FOR}
        kinds["signed"] = args.steps, {"signed": True}
        kinds |= {f"signed, made for {steps}": (steps, {"steps": steps, "signed": True}) for steps in MADE_FOR}
        for kind, (steps, options) in kinds.items():
            if any((row["network"], row["conversion"]) == (path.stem, kind) for row in rows):
                continue
            found = stdpnet.simulate(stdpnet.convert(model, images, **options), shown, steps=steps).predictions
            for step in (steps,) if "steps" in options else (4, 8, 16, 32, 64):
                if step <= steps:
                    right, same = (found[:, step - 1] == wanted for wanted in (labels, own))
                    values = path.stem, kind, step, len(shown), right.mean(), (own == labels).mean(), same.mean()
                    rows.append(dict(zip(COLUMNS, values, strict=True)))
                    print(rows[-1], flush=True)
            tables.write_table(args.out, rows)


if __name__ == "__main__":
    main()
