"""Spike-Norm on CIFAR-10: accuracy of VGG-16 and ResNet-20 over time, and spikes of each layer (Sengupta et al. 2019).

    python benchmarks/spike_norm.py vgg16_plain.pt --data FOLDER --out results/spike_norm

FOLDER and the weights are those of cifar10_networks.py, networks without biases and batch normalisation. Signed Poisson
input of mean-subtracted pixels; neurons start at 0; the answer is the class of most output spikes. Thresholds come from
training images; accuracy is on the first test images. curve.csv and layers.csv grow with every ten images.
"""

import argparse
from pathlib import Path

import numpy as np
from few_steps import answers, network

import stdpnet
from stdpnet.base import tables
from stdpnet.datasets import load_dataset

STEPS = (100, 200, 300, 500, 750, 1000, 1500, 2000, 2500)
PAPER = {"encoding": "poisson", "per_channel": False, "initial": 0.0, "readout": "count", "recent": 1.0}
TOGETHER = 10


def main():
    """Convert and simulate what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("results/spike_norm"))
    parser.add_argument("--images", type=int, default=100, help="test images")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--threshold-steps", type=int, default=1000)
    parser.add_argument("--resets", nargs="+", default=["zero", "subtraction"])
    args = parser.parse_args()
    data = load_dataset(args.data, colour="planes")
    model, mean = network(args.weights)
    shown = data.train_images[:100], data.test_images[: args.images]
    train, test = (part.astype(np.float32) / 255 - mean for part in shown)
    labels, own, out = data.test_labels[: args.images], answers(model, test), args.out / args.weights.stem
    networks = {
        reset: stdpnet.convert(model, train, normalisation=f"spikes:{args.threshold_steps}", reset=reset, **PAPER)
        for reset in args.resets
    }
    found = {reset: [] for reset in networks}
    out.mkdir(parents=True, exist_ok=True)
    for first in range(0, len(test), TOGETHER):
        for reset, converted in networks.items():
            part = test[first : first + TOGETHER]
            found[reset].append(stdpnet.simulate(converted, part, args.steps, first=first, batch=TOGETHER))
        tables.write_table(
            out / "curve.csv", [row for reset in found for row in curve(reset, found[reset], labels, own)]
        )
        tables.write_table(
            out / "layers.csv", [row for reset in found for row in layers(reset, found[reset], networks[reset])]
        )
        print(*curve(args.resets[0], found[args.resets[0]], labels, own), sep="\n", flush=True)


def curve(reset, results, labels, own):
    """Return accuracy and agreement with the analogue network after some steps."""
    answers = np.concatenate([result.predictions for result in results])
    labels, own = labels[: len(answers)], own[: len(answers)]
    return [
        {
            **{"reset": reset, "step": step, "n_test": len(answers), "analogue_accuracy": (own == labels).mean()},
            **{"accuracy": (answers[:, step - 1] == labels).mean(), "agreement": (answers[:, step - 1] == own).mean()},
        }
        for step in STEPS
        if step <= answers.shape[1]
    ]


def layers(reset, results, network):
    """Return the spikes of a neuron in a step, in the mean, for each layer."""
    rows = []
    for depth, name in enumerate(network.spiking_layers, 1):
        spikes = np.concatenate([result.spikes[name] for result in results])
        neurons = int(np.prod(network.graph.shapes[name]))
        row = {"reset": reset, "depth": depth, "layer": name, "neurons": neurons, "steps": spikes.shape[1]}
        rows.append(row | {"n_test": len(spikes), "spikes_per_neuron": spikes.sum(axis=1).mean() / neurons})
    return rows


if __name__ == "__main__":
    main()
