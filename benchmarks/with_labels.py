"""Three ways to a spiking network with labels, for one network of 784-300-300-10 neurons and the same images.

    python benchmarks/with_labels.py --out docs/figures/with-labels

Backpropagation through filtered spikes (`stdpnet train-spiking`); conversion of a ReLU network; a surrogate gradient as
snnTorch has it (pip install --no-deps snntorch==1.0.0), for the same Poisson events, with the same leak and reset. All
have Adam, batches of 100 images, and a learning rate that falls linearly to 0; no rate was searched for. Test images
are shown once, at the end. Time is that of the processor, for an epoch.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

import stdpnet
from stdpnet.backprop.constants import Neuron, Presentation, Regularisation
from stdpnet.backprop.encoding import poisson
from stdpnet.backprop.evaluation.report import report
from stdpnet.backprop.evaluation.responses import Responses, answers, respond
from stdpnet.backprop.network import Description, Network
from stdpnet.backprop.training import learn
from stdpnet.base import files
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.simulators import simulate
from stdpnet.plots.spiking import draw

SIZES = (300, 300, 10)
BATCH = 100
PRESENTATION = Presentation()
REGULARISATION = Regularisation()
STEPS = 32
#: Greatest learning rates.
RATES = {"backpropagation": 2e-3, "conversion": 1e-3, "surrogate": 1e-3}


class Backpropagation:
    """Through filtered spikes."""

    def __init__(self, dataset, seed):
        self.network = Network(Description(SIZES, dataset.n_inputs), seed)
        layers = self.network.layers
        self.optimiser = torch.optim.Adam(
            [{"params": [layer.weights for layer in layers]}, {"params": [layer.thresholds for layer in layers]}]
        )

    def learn(self, images, labels, rate, random):
        """Learn from a batch."""
        for group, factor in zip(self.optimiser.param_groups, (1, 0.1), strict=True):
            group["lr"] = factor * rate
        learn(self.network, self.optimiser, poisson(images, PRESENTATION, random), labels, REGULARISATION)

    def measure(self, dataset, random):
        """Return accuracy, operations and spikes."""
        return report(
            self.network, respond(self.network, dataset.test_images, PRESENTATION, random), dataset.test_labels
        )


class Conversion:
    """A ReLU network without biases, trained and then converted."""

    def __init__(self, dataset, seed):
        torch.manual_seed(seed)
        sizes, modules = (dataset.n_inputs, *SIZES), [torch.nn.Flatten()]
        for inputs, outputs in zip(sizes, SIZES, strict=False):
            modules += [torch.nn.Linear(inputs, outputs, bias=False), torch.nn.ReLU()]
        self.model, self.dataset = torch.nn.Sequential(*modules[:-1]), dataset
        self.optimiser = torch.optim.Adam(self.model.parameters())

    def learn(self, images, labels, rate, random):
        """Learn from a batch."""
        self.optimiser.param_groups[0]["lr"] = rate
        scores = self.model(torch.from_numpy(images[:, None] / np.float32(255)))
        self.optimiser.zero_grad()
        torch.nn.functional.cross_entropy(scores, torch.from_numpy(labels)).backward()
        self.optimiser.step()

    def measure(self, dataset, random):
        """Convert, and return accuracy, operations and spikes."""
        scaled, shown = (one[:, None] / np.float32(255) for one in (dataset.train_images[:2000], dataset.test_images))
        network = stdpnet.convert(self.model.eval(), scaled)
        graph = stdpnet.import_model(self.model, shown.shape[1:])
        with torch.no_grad():
            right = (self.model(torch.from_numpy(shown)).argmax(1).numpy() == dataset.test_labels).mean()
        measurement = Measurement(network, graph, STEPS)
        for part in np.array_split(shown, 20):
            measurement.add(part, simulate(network, part, STEPS, "torch", keep="counts"))
        found = measurement.report(dataset.test_labels)
        spikes = [float(measurement.spikes[name].sum() / len(shown)) for name in network.spiking_layers]
        return {**found, "spikes": spikes, "analogue_accuracy": float(right)}


class Surrogate:
    """Backpropagation through time, with the derivative of an arcus tangent in place of a spike's."""

    def __init__(self, dataset, seed):
        import snntorch

        torch.manual_seed(seed)
        sizes = (dataset.n_inputs, *SIZES)
        self.maps = torch.nn.ModuleList(
            torch.nn.Linear(inputs, outputs, bias=False) for inputs, outputs in zip(sizes, SIZES, strict=False)
        )
        self.neurons = [snntorch.Leaky(beta=Neuron().decay, reset_mechanism="subtract") for _ in SIZES]
        self.optimiser = torch.optim.Adam(self.maps.parameters())
        self.network = Network(Description(SIZES, dataset.n_inputs))

    def spikes(self, events):
        """Return the spikes of each layer, each of shape (n_steps, n_images, n_neurons)."""
        number = np.bincount(
            np.ravel_multi_index((events.step, events.image, events.address), events.shape),
            minlength=np.prod(events.shape),
        )
        sent, found = torch.from_numpy(number.astype(np.float32)).view(events.shape), []
        for linear, neurons in zip(self.maps, self.neurons, strict=True):
            potential, fired = neurons.reset_mem(), []
            for now in linear(sent):
                spike, potential = neurons(now, potential)
                fired.append(spike)
            sent = torch.stack(fired)
            found.append(sent)
        return found

    def learn(self, images, labels, rate, random):
        """Learn from a batch."""
        self.optimiser.param_groups[0]["lr"] = rate
        counts = self.spikes(poisson(images, PRESENTATION, random))[-1].sum(dim=0)
        self.optimiser.zero_grad()
        torch.nn.functional.cross_entropy(counts, torch.from_numpy(labels)).backward()
        self.optimiser.step()

    @torch.no_grad()
    def measure(self, dataset, random):
        """Return accuracy, operations and spikes."""
        predictions, sent, fired = [], 0, 0
        for part in np.array_split(dataset.test_images, 50):
            events = poisson(part, PRESENTATION, random)
            spikes = self.spikes(events)
            predictions.append(answers(spikes[-1], Neuron()).numpy().T)
            sent = sent + events.counts()
            fired = fired + np.array([one.sum(dim=(1, 2)).double().numpy() for one in spikes])
        n = len(dataset.test_images)
        return report(self.network, Responses(np.concatenate(predictions), sent / n, fired / n), dataset.test_labels)


CONTENDERS = {"backpropagation": Backpropagation, "conversion": Conversion, "surrogate": Surrogate}


def train(contender, images, labels, epochs, rate, seed):
    """Train, and return the seconds of processor time of an epoch."""
    random, done, total = np.random.default_rng(seed), 0, epochs * (len(images) // BATCH)
    began = time.process_time()
    for _ in range(epochs):
        order = random.permutation(len(images))[: len(images) // BATCH * BATCH]
        for which in order.reshape(-1, BATCH):
            contender.learn(images[which], labels[which], rate * (1 - done / total), random)
            done += 1
    return (time.process_time() - began) / epochs


def main():
    """Train and measure what is asked for, then draw all that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "contenders", nargs="*", default=list(CONTENDERS), metavar="CONTENDER", help=", ".join(CONTENDERS)
    )
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--images", type=int, default=10_000, help="training images, the first ones")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("with-labels"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    dataset = stdpnet.load_dataset(args.dataset)
    images, labels = dataset.train_images[: args.images], dataset.train_labels[: args.images].astype(np.int64)
    for name in args.contenders:
        contender = CONTENDERS[name](dataset, args.seed)
        seconds = train(contender, images, labels, args.epochs, RATES[name], args.seed)
        found = contender.measure(dataset, np.random.default_rng((args.seed, 1)))
        kept = {
            "accuracy": found["spiking"]["accuracy"],
            "operations": found["spiking"]["operations"],
            "relative_operations": found["spiking"]["relative_operations"],
            "hidden_spikes": sum(found["spikes"][:2]),
            "seconds_per_epoch": seconds,
            "n_training_images": len(images),
            "n_test_images": len(dataset.test_images),
            "epochs": args.epochs,
            **{one: found[one] for one in ("analogue_accuracy",) if one in found},
            "curve": [{one: row[one] for one in ("step", "accuracy", "operations")} for row in found["curve"]],
        }
        files.write_json(args.out / f"{name}.json", kept)
        print(name, {key: value for key, value in kept.items() if key != "curve"}, flush=True)
    reports = {name: files.read_json(path) for name in CONTENDERS if (path := args.out / f"{name}.json").exists()}
    draw(reports).savefig(args.out / "with-labels.png", dpi=100)


if __name__ == "__main__":
    main()
