"""stdpnet's compiled backend as the training uses it: one start of the program for each batch."""

import time

from tqdm import tqdm

from stdpnet.learning.presentation.batch import Shown, present
from stdpnet.learning.state import State, initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator


class Ours:
    """The compiled network with the state to start from.

    Parameters
    ----------
    config : stdpnet.Config
    n_inputs : int
    """

    def __init__(self, config, n_inputs):
        self.config = config
        self.simulator = open_simulator(network_spec(config, n_inputs, plastic=True), "cpp", tqdm.write)
        self.state = initial_state(config, n_inputs)

    def present(self, images, keep=False):
        """Show the images from `state`; return the seconds and spikes of each showing, times the images."""
        start = time.perf_counter()
        batch = present(self.simulator, self.config, self.state, Shown(images, 0, "training"), plastic=True)
        elapsed = time.perf_counter() - start
        if keep:
            self.state = State(self.state | batch.state)
        showings = len(images) + int(batch.repetitions.sum())
        return elapsed * len(images) / showings, len(batch.spikes[0]) * len(images) / showings
