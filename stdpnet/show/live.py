"""A model that answers one image after another: its simulator stays open between them."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np

from stdpnet.learning.models.model import Model
from stdpnet.learning.presentation.batch import Shown
from stdpnet.learning.presentation.recorder import Chosen, record
from stdpnet.learning.presentation.recording import Recording
from stdpnet.learning.presentation.responses import FrozenNetwork, image_numbers
from stdpnet.learning.state import frozen_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation import open_simulator, resolve_backend

NOBODY = Chosen(np.empty(0, np.int32), np.empty(0, np.int32))


@dataclass(frozen=True)
class Presented:
    """What one image brought.

    Attributes
    ----------
    recording : Recording
        Its last showing, which counts: spikes alone.
    counts : ndarray of int32, shape (n_neurons,)
        Spikes in the window, as `Model.counts` has them.
    votes : ndarray, shape (n_classes,)
    answer : object
        What `Model.predict` says, one of its classes.
    """

    recording: Recording
    counts: np.ndarray
    votes: np.ndarray
    answer: object


class LiveNetwork:
    """Shows single images to a model. Threads take turns.

    Parameters
    ----------
    model : Model
        Its scale is that of the images which `present` gets.
    announce : callable, optional
        Called with one line of text before a compilation starts.

    Raises
    ------
    SimulationError
        When it cannot be compiled.
    """

    def __init__(self, model: Model, announce: Callable[[str], None] | None = None) -> None:
        self.model, self._lock = model, Lock()
        config = model.config
        self._network = FrozenNetwork(config, frozen_state(config, model.state), resolve_backend(config.backend))
        spec = network_spec(config, self._network.drive.n_inputs, plastic=False, record_all=True)
        self._simulator = open_simulator(spec, self._network.backend, announce)

    def present(self, image: np.ndarray) -> Presented:
        """Return what an image brings: the spikes of `Model.predict`, whose noise follows from seed and image.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width)
        """
        network, images = self._network, self.model.scale.levels(image[None])
        shown = Shown(network.drive.encode(images), image_numbers(images), "testing")
        with self._lock:
            recording = record(
                *(network.config, network.state, shown, NOBODY, network.backend), simulator=self._simulator
            ).showing()
        times, neurons = recording.spikes["excitatory"]
        counts = np.bincount(neurons[times < recording.window], minlength=network.config.neurons).astype(np.int32)
        votes = self.model.votes(counts[None])
        return Presented(recording, counts, votes[0], self.model.answers(votes)[0])
