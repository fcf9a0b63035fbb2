"""Record the same presentations on one target: python tests/recorder.py TARGET FOLDER."""

import os
import sys
from pathlib import Path

import numpy as np
from own_equations import TEXT
from tiny import N_INPUTS, SHORT, record, tiny_config, training_digits

from stdpnet.learning.presentation.batch import Shown
from stdpnet.learning.presentation.recorder import Chosen
from stdpnet.learning.presentation.recorder import record as look_inside
from stdpnet.learning.state import initial_state

#: Whose values are recorded as well.
CHOSEN = Chosen(np.array([7, 2, 4], np.int32), np.array([20, 33, 34], np.int32))

#: Enough for spikes of several neurons, inhibition and weight changes.
N_IMAGES = 6


#: What each recording changes.
RECORDINGS = {
    "delays": {"delays": True},
    "no delays": {"delays": False},
    "own equations": {"delays": False, "equations": TEXT | {"inhibitory_neurons": 4}},
}


def recorded_config(name):
    """Return the configuration of a recording; it asks for so many spikes that some images are repeated."""
    show = {"fewest_spikes": 12, "repetitions": 3}
    return tiny_config(SHORT, {"seed": 3, "presentation": show}, RECORDINGS[name])


if __name__ == "__main__":
    target, folder = sys.argv[1], Path(sys.argv[2])
    if target != "cpp":
        from brian2 import prefs

        # optimising these modules takes longer than running them
        prefs.codegen.cpp.extra_compile_args = ["-w", "-O0"]
        cache = os.environ["STDPNET_TEST_CYTHON"] if target == "cython" else str(folder / "numpy-compiles-nothing")
        prefs.codegen.runtime.cython.cache_dir = cache
    for name in RECORDINGS:
        batch, results = record(recorded_config(name), training_digits(N_IMAGES), target)
        results |= batch.state
        np.savez(folder / f"{target}-{name}.npz", **results, counts=batch.counts, repetition_counts=batch.repetitions)
    config, shown = recorded_config("delays"), Shown(training_digits(N_IMAGES), 0, "training")
    inside = look_inside(config, initial_state(config, N_INPUTS), shown, CHOSEN, target, plastic=True)
    np.savez(folder / f"{target}-inside.npz", **inside.values)
