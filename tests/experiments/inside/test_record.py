"""`stdpnet.record`: the presentations of an evaluation and of a training, and what it refuses."""

import importlib.util
import re
import subprocess
import sys

import numpy as np
import pytest

import stdpnet
from stdpnet.base import optional
from stdpnet.base.errors import ConfigError, DataError
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning import training
from stdpnet.learning.presentation.responses import FrozenNetwork, respond
from stdpnet.learning.state import frozen_state

NUMBER = 3


@pytest.fixture(scope="module")
def trained(trained_run):
    return read_run(trained_run)


@pytest.fixture(scope="module")
def recording(trained):
    """Return one test image in the frozen network."""
    return stdpnet.record(trained, trained.dataset.test_images[NUMBER], [4, 0], number=NUMBER, backend="numpy")


def test_a_test_image_brings_the_spikes_of_the_evaluation(trained, recording):
    network = FrozenNetwork(trained.config, frozen_state(trained.config, trained.state), "cpp")
    responses = respond(network, trained.dataset.test_images[: NUMBER + 1], "testing", show_progress=False)
    last = recording.showing()
    times, who = last.spikes["excitatory"]
    assert responses.counts[NUMBER].sum() > 4
    np.testing.assert_array_equal(
        np.bincount(who[times < last.window], minlength=trained.config.neurons), responses.counts[NUMBER]
    )


def test_a_training_goes_on_as_if_it_were_not_recorded(trained, trained_run):
    config, images = trained.config, trained.dataset.train_images
    longer = stdpnet.record(trained_run, images[:2], [1, 8], inputs=[20, 21, 44], plastic=True, backend="numpy")
    more = {**config.to_dict(), "epochs": 2, "batch": 2}
    batch = next(training.train(stdpnet.Config(**_given(more)), images.reshape(60, -1), "numpy", trained.state))
    expected = batch.state.weights[np.ix_([20, 21, 44], [1, 8])]
    np.testing.assert_array_equal(longer.values["input_synapses.w"][-1], expected)
    assert longer.inputs.tolist() == [20, 21, 44]
    assert np.any(longer.values["input_synapses.w"][0] != longer.values["input_synapses.w"][-1])
    np.testing.assert_array_equal(trained.weights, read_run(trained_run).weights)


def _given(data):
    return {name: value for name, value in data.items() if name != "dataset"}


WRONG = {
    "no such neuron": (ConfigError, {"neurons": [10]}, "neurons holds 10; expected 0 to 9"),
    "twice": (ConfigError, {"neurons": [1, 1]}, r"neurons is \[1, 1\]; expected different whole numbers"),
    "a share": (ConfigError, {"neurons": [0.5]}, r"neurons is \[0\.5\]; expected different whole numbers"),
    "no such input": (ConfigError, {"inputs": [128], "plastic": True}, "inputs holds 128; expected 0 to"),
    "no number": (ConfigError, {"number": -1}, "number is -1; expected 0 or more"),
    "no backend": (ConfigError, {"backend": "fortran"}, "unknown backend 'fortran'"),
    "another size": (
        DataError,
        {"images": np.zeros((4, 5), np.uint8)},
        r"images are of shape \(1, 4, 5\) and type uint8",
    ),
    "another type": (DataError, {"images": np.zeros((8, 8))}, r"type float64; expected one of shape \(8, 8\)"),
    "too many": (
        ConfigError,
        {"images": np.zeros((1001, 8, 8), np.uint8)},
        "there are 1001 images; expected at most",
    ),
}


@pytest.mark.parametrize("error, changed, message", WRONG.values(), ids=WRONG)
def test_what_is_refused(trained, error, changed, message):
    with pytest.raises(error, match=message):
        stdpnet.record(trained, **{"images": trained.dataset.test_images[0], "neurons": [1]} | changed)


def test_an_xarray_dataset_holds_the_same(recording):
    dataset = recording.to_xarray()
    assert dataset["excitatory.v"].dims == ("time", "neuron")
    assert dataset["excitatory.v"].units == "mV" and dataset["time"].units == "ms"
    np.testing.assert_array_equal(dataset["excitatory.v"].sel(neuron=0), recording.values["excitatory.v"][:, 1])
    np.testing.assert_array_equal(dataset["inputs.spike_time"], recording.spikes["inputs"][0])
    np.testing.assert_array_equal(dataset["onset"], recording.onsets)


def test_a_neo_block_holds_the_same(recording):
    (segment,) = recording.to_neo().segments
    signals = {signal.name: signal for signal in segment.analogsignals}
    assert signals.keys() == recording.values.keys()
    assert str(signals["excitatory.v"].units.dimensionality) == "mV"
    np.testing.assert_array_equal(signals["excitatory.v"].magnitude, recording.values["excitatory.v"])
    np.testing.assert_allclose(signals["excitatory.v"].times.rescale("ms").magnitude, recording.times)
    times, who = recording.spikes["excitatory"]
    trains = {t.annotations["neuron"]: t for t in segment.spiketrains if t.annotations["population"] == "excitatory"}
    assert trains.keys() == set(who.tolist())
    for neuron, train in trains.items():
        np.testing.assert_allclose(train.rescale("ms").magnitude, times[who == neuron])
    assert len(segment.epochs[0]) == len(recording.onsets)


@pytest.mark.parametrize("package, method", [("xarray", "to_xarray"), ("neo", "to_neo")])
def test_without_the_package_it_says_what_to_install(recording, monkeypatch, package, method):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else object())
    message = re.escape(f'{package} is not installed; {method} needs it: pip install "stdpnet[inspect]"')
    with pytest.raises(ConfigError, match=message):
        getattr(recording, method)()
    assert optional.has_torch()


#: Prints the greatest memory of this process and of the compiled network together, in kB.
LARGE = """
import resource, sys
import numpy as np
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Shown
from stdpnet.learning.presentation.recorder import Chosen, record
from stdpnet.learning.state import frozen_state, initial_state
config, plastic = Config(neurons=6400), sys.argv[1] == "training"
state = initial_state(config, 784)
state = state if plastic else frozen_state(config, state)
image = np.random.default_rng(0).integers(0, 255, (1, 784)) * (np.arange(784) % 5 == 0)
chosen = Chosen(np.array([5, 4000, 6399], np.int32), np.arange(784, dtype=np.int32))
found = record(config, state, Shown(image, 0, "training"), chosen, "cpp", plastic)
assert found.values["excitatory.v"].shape[1] == 3
print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["training", "frozen"])
def test_a_presentation_of_6400_neurons_stays_below_500_mb(kind):
    command = [sys.executable, "-c", LARGE, kind]
    subprocess.run(command, check=True)  # compiles it
    assert int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) < 500_000
