"""The page's server beside a test."""

import threading
from contextlib import contextmanager

from stdpnet.show.server import PageServer

#: Short presentations without delays, once, by NumPy: nothing is compiled.
SHORT = {"delays": False, "presentation": {"window": 40.0, "rest": 5.0, "rate": 0.75, "fewest_spikes": 0}}


@contextmanager
def served(source, network):
    """Yield the server of a page, which answers in a thread of its own."""
    with PageServer(source, network) as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()
