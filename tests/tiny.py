"""The tiny network that all tests share: 8x8 images, 10 neurons, so that each variant of it compiles only once."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from stdpnet.base.parameters import merged
from stdpnet.learning.config import from_stored
from stdpnet.learning.presentation.batch import RECORDED, Shown, collect, inputs
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator

ROOT = Path(__file__).parent.parent
N_INPUTS = 64
TARGETS = ("numpy", "cython", "cpp")

#: 0.25 mV per spike with 10 neurons, so that 60 images reach all of them; what the preset would set is set as well.
CHANGES = {
    "neurons": 10,
    "epochs": 1,
    "drive": "grey",
    "shuffle": "off",
    "excitatory": {"theta_plus": 10.0, "tau_theta": 1e7},
    "schedule": {"adaptation_half_life": 0.0, "learning_rate_half_life": 0.0},
    "connections": {"weight_total": 78.0, "weight_max": 1.0, "weight_low": 0.003, "weight_high": 0.303},
}
#: Where presets apply: the constants that the rule has without them.
TRIPLET = {"constants": {"eta_plus": 0.01, "eta_minus": 0.0001}}
#: Presentations of a quarter of the length, for the slow targets: compiled in is neither time nor rate.
SHORT = {"presentation": {"window": 100.0, "rest": 20.0, "rate": 0.5}}
#: Presentations of a tenth of the length, shown once, on a target that compiles nothing: to see that it runs at all.
QUICK = {"backend": "numpy", "presentation": {"window": 35.0, "rest": 10.0, "fewest_spikes": 0}}


def tiny_config(*changes):
    """Return the tiny network's configuration with changes."""
    return from_stored(merged(CHANGES, *changes))


def digits():
    """Return scikit-learn's digits as uint8: 60 training images, their labels, 30 test images, their labels."""
    data, labels = load_digits(return_X_y=True)
    images, labels = np.uint8(data.reshape(-1, 8, 8) * 255 / 16), labels.astype(np.uint8)
    return images[:60], labels[:60], images[60:90], labels[60:90]


def training_digits(n):
    """Return the first training images as rows of pixels."""
    return digits()[0][:n].reshape(n, N_INPUTS)


def record(config, images, backend, *, plastic=True, state=None, first=0, stream="training", simulator=None):
    """Show images to a fresh network that records everything.

    Returns
    -------
    Batch, dict of str to ndarray
        The second by name of monitor and variable.
    """
    spec = network_spec(config, images.shape[1], plastic, record_all=True)
    state = state or initial_state(config, images.shape[1])
    values, wanted = inputs(config, state, Shown(images, first, stream), plastic)
    populations = ("inputs", "inhibitory") if spec.n_inhibitory else ("inputs",)
    monitors = [f"{name}_spikes.{variable}" for name in populations for variable in "ti"]
    results = (simulator or open_simulator(spec, backend)).run(values, {*wanted, *monitors, *RECORDED})
    return collect(config, results, len(images), plastic), results


def step_numbers(config, times):
    """Return times in seconds as numbers of time steps."""
    return np.rint(times / (1e-3 * config.presentation.dt)).astype(int)
