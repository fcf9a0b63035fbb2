"""Every kind of file that is read, those of data and those of runs: one that is whole, and what reads it."""

import json
import os

import numpy as np
from fakeruns import write_conversion, write_run
from kinds_of_data import OF_DATA, Kind, no_arrays
from sources import IMAGES, LABELS

import stdpnet
from stdpnet.backprop.model_file import load_network, save_network
from stdpnet.backprop.network import Description, Network
from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.labelled.tensors import write_tensors
from stdpnet.commands.cite import reasons_of
from stdpnet.commands.flags import read_toml
from stdpnet.conversion import storage
from stdpnet.conversion.ann.model_file import load_model, save_model
from stdpnet.conversion.ann.state import TrainingState
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.ann.folder import TrainingFolder
from stdpnet.experiments.backprop.config import SpikingConfig
from stdpnet.experiments.backprop.folder import SpikingFolder
from stdpnet.experiments.conversion.folder import ConversionFolder
from stdpnet.experiments.stdp.evaluation import summarise
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.found_runs import find_runs
from stdpnet.learning.config import Config, from_dict
from stdpnet.learning.state import State
from stdpnet.plots.confusion import summary
from stdpnet.rules import RULES
from stdpnet.simulation import builds
from stdpnet.simulation.standalone import StandaloneSimulator


def toml_config(place):
    """Return a configuration in TOML."""
    path = place / "config.toml"
    path.write_text(
        'neurons = 100\nrule = "triplet"\nepochs = 3\n[excitatory]\ntau_m = 100.0\n[constants]\neta_plus = 0.01'
    )
    return Kind(path, lambda: no_arrays(from_dict(read_toml(path)).to_json()))


def rule(place):
    """Return a rule in TOML."""
    path, triplet = place / "own.toml", RULES["triplet"].to_dict()
    lines = [f"{name} = {json.dumps(value)}" for name, value in triplet.items() if name != "constants"]
    lines += [
        "[constants]",
        *(f"{n} = {{value = {c['value']}, unit = '{c['unit']}'}}" for n, c in triplet["constants"].items()),
    ]
    path.write_text("\n".join(lines))
    return Kind(path, lambda: no_arrays(Config(rule=str(path)).to_json()))


def run_folder(place):
    """Return a run folder as a training and an evaluation leave it."""
    folder = write_run(place / "run", accuracy=0.5)
    fingerprint = "f" * 64
    asked = {"label_images": 100, "test_images": 0}
    folder.write_environment({"seed": 0, "backend": "cpp", "data_fingerprint": fingerprint, "evaluation": asked})
    state = State(files.read_arrays(folder.checkpoint_file))
    folder.write_checkpoint(state, folder.config(), fingerprint)
    digest = folder.digest()
    kept = {"digest": np.array(digest), "class_names": np.array(list("0123456789"))}
    files.write_arrays(folder.predictions_file, files.read_arrays(folder.predictions_file) | kept)
    report = files.read_json(folder.evaluation_file)
    files.write_json(folder.evaluation_file, report | {"digest": digest, "readouts": {}})
    return folder


def of_run(name, read):
    """Return a function that makes the kind of a file of a run folder."""

    def make(place):
        folder = run_folder(place)
        return Kind(getattr(folder, name), lambda: read(folder))

    return make


def all_of(folder):
    """Read what figures and comparisons read."""
    for run in find_runs([folder.path]):
        if run.report:
            summary(run.report)
            assert 0 <= 100 * run.report["accuracy"] <= 100


def read_config(folder):
    """Read a configuration, and compare it with the one in the checkpoint."""
    reasons_of(folder.path)
    return folder.network()


def read_environment(folder):
    """Read what stands in environment.json."""
    folder.data_fingerprint(), folder.asked_images(), reasons_of(folder.path)
    folder.write_environment(describe(0, "numpy"))
    return folder.network()


def read_metrics(folder):
    """Read metrics.csv as curves and as the rows of a resumption."""
    folder.series("presented", "running_accuracy")
    all_of(folder)


def read_evaluation(folder):
    """Read a report."""
    summary(folder.evaluation())
    summarise(folder.evaluation(), folder)
    all_of(folder)


def read_predictions(folder):
    """Read what the figures of an evaluation read."""
    arrays = folder.predictions()
    assert len(arrays["predictions"]) == len(arrays["test_labels"])


def build(name):
    """Return a function that makes a build of the cache of which one file is to be changed."""

    def make(place):
        folder = place / "build"
        folder.mkdir()
        (folder / "static_arrays").mkdir()
        (folder / "static_arrays" / "a").write_bytes(bytes(range(64)))
        (folder / "main").write_bytes(b"\x7fELF" + bytes(200))
        os.chmod(folder / "main", 0o755)
        values = {"inputs": {"input_synapses.w": {"dtype": "float32", "size": 4}}, "outputs": {}}
        (folder / "manifest.json").write_text(json.dumps(values))
        whole = builds.checksums(folder)
        (folder / builds.CHECKSUMS).write_text(json.dumps(whole))

        def read():
            builds._whole.clear()
            if not builds.is_whole(folder):
                raise stdpnet.StdpnetError("it is made anew")
            StandaloneSimulator(folder)
            assert builds.checksums(folder) == whole

        return Kind(folder / name, read)

    return make


def read_conversion(folder):
    """Read the configuration of a conversion."""
    folder.config()
    reasons_of(folder.path)


def of_training(name, read):
    """Return a function that makes a file of the training of a network with labels."""

    def make(place):
        folder = TrainingFolder(place / "cnn")
        folder.path.mkdir()
        files.write_text(folder.config_file, json.dumps({"dataset": "mnist-5k", "architecture": "dense", "epochs": 2}))
        files.write_json(
            folder.evaluation_file, {"accuracy": 0.5, "confidence_interval_95": [0.4, 0.6], "n_test_images": 9}
        )
        return Kind(getattr(folder, name), lambda: no_arrays(read(folder)))

    return make


def tensors(name):
    """Return a function that makes a file of tensors of the training of a network with labels."""

    def make(place):
        images, labels = IMAGES[:30].repeat(2, axis=1).repeat(2, axis=2), LABELS[:30]
        dataset = stdpnet.Dataset("mine", images, labels, images, labels)
        folder, config = TrainingFolder(place / "cnn"), TrainingConfig(architecture="lenet", epochs=2)
        folder.path.mkdir()
        state = TrainingState(config, dataset)
        write_tensors(folder.checkpoint_file, state.checkpoint())
        save_model(folder.model_file, state.model, config.architecture)

        def read():
            if name == "model_file":
                network = load_model(folder.model_file)
            else:
                state.restore(folder.checkpoint())
                network = state.model
            return {name: value.numpy().copy() for name, value in network.state_dict().items()}

        return Kind(getattr(folder, name), read)

    return make


def spiking_config(place):
    """Return the configuration of a training by backpropagation through spikes."""
    folder = SpikingFolder(place / "spiking")
    folder.path.mkdir()
    files.write_text(folder.config_file, SpikingConfig(layers="20-10").to_json())

    def read():
        folder.config()
        reasons_of(folder.path)

    return Kind(folder.config_file, read)


def spiking_network(place):
    """Return a trained spiking network."""
    path = place / "model.pt"
    save_network(path, Network(Description((5, 3), 16, "learned")))
    return Kind(path, lambda: {name: value.numpy().copy() for name, value in load_network(path).state_dict().items()})


def graph(place):
    """Return a network that is to be converted."""
    random, path = np.random.default_rng(0), place / "graph.npz"
    nodes = {"image": Node(layers.Input((1, 2, 2))), "flat": Node(layers.Flatten(), ("image",))}
    weights = random.random((3, 4), dtype=np.float32), random.random(3, dtype=np.float32)
    nodes |= {"dense": Node(layers.Dense(*weights), ("flat",)), "scores": Node(layers.Output(), ("dense",))}
    storage.save(Graph(nodes), path)

    def read():
        found = storage.load(path)
        return {f"{name}.{n}": array for name, node in found.nodes.items() for n, array in node.layer.arrays().items()}

    return Kind(path, read)


def of_conversion(name, read):
    """Return a function that makes a file of a conversion."""

    def make(place):
        folder = ConversionFolder(write_conversion(place))
        return Kind(getattr(folder, name), lambda: no_arrays(read(folder)))

    return make


KINDS = {
    "configuration in TOML": toml_config,
    "rule in TOML": rule,
    "config.json": of_run("config_file", read_config),
    "environment.json": of_run("environment_file", read_environment),
    "metrics.csv": of_run("metrics_file", read_metrics),
    "evaluation.json": of_run("evaluation_file", read_evaluation),
    "predictions.npz": of_run("predictions_file", read_predictions),
    "checkpoint.npz": of_run("checkpoint_file", RunFolder.network),
    **OF_DATA,
    **{f"build {name}": build(name) for name in ("manifest.json", "checksums.json", "main", "static_arrays/a")},
    "config.json of train-cnn": of_training("config_file", TrainingFolder.config),
    "evaluation.json of train-cnn": of_training("evaluation_file", TrainingFolder.evaluation),
    "model.pt": tensors("model_file"),
    "checkpoint.pt": tensors("checkpoint_file"),
    "config.json of train-spiking": spiking_config,
    "model.pt of train-spiking": spiking_network,
    "network.npz of a conversion": graph,
    "config.json of a conversion": of_conversion("config_file", read_conversion),
    "report.json of a conversion": of_conversion("report_file", ConversionFolder.report),
    "histograms.npz of a conversion": of_conversion("histograms_file", ConversionFolder.histograms),
}
