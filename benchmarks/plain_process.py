"""Run the plain network in a process of its own, since Brian2's preferences and clock are global."""

import multiprocessing
import time
import traceback

from plain_brian2 import PlainNetwork

from stdpnet.base.errors import SimulationError


def _serve(connection, config, state):
    try:
        plain = PlainNetwork(config, state)
        while (images := connection.recv()) is not None:
            spikes, start = int(plain.spikes.num_spikes), time.perf_counter()
            for image in images:
                plain.present(image)
            elapsed = time.perf_counter() - start
            connection.send((elapsed, int(plain.spikes.num_spikes) - spikes))
    except Exception:
        connection.send(traceback.format_exc())


class PlainProcess:
    """A `PlainNetwork` in a process of its own.

    Parameters
    ----------
    config : stdpnet.Config
    state : dict of str to ndarray
    """

    def __init__(self, config, state):
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, config, state), daemon=True)
        self._process.start()
        theirs.close()

    def present(self, images):
        """Show the images and return the seconds taken and the excitatory spikes, rest included."""
        self._connection.send(images)
        try:
            answer = self._connection.recv()
        except EOFError:
            answer = "the process ended"
        if isinstance(answer, str):
            raise SimulationError(f"the plain Brian2 network failed:\n{answer}")
        return answer

    def close(self):
        """End the process."""
        self._connection.send(None)
        self._process.join()
