"""Servers of the page for models that nobody trained."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import numpy as np
import pytest
from serving import SHORT, served
from templates import template_model
from tiny import digits

import stdpnet
from stdpnet.show.live import LiveNetwork
from stdpnet.show.source import Source


@pytest.fixture(scope="session")
def small():
    """Return a model of 8 x 8 digits with their test images."""
    images, labels, tests, test_labels = digits()
    return Source(template_model(images, labels, SHORT), tests, tuple(map(str, test_labels)))


@pytest.fixture(scope="session")
def small_server(small):
    """Return the server of its page."""
    with served(small, LiveNetwork(small.model)) as server:
        yield server


@pytest.fixture(scope="session")
def mnist():
    """Return a model of 28 x 28 digits with some test images."""
    data = stdpnet.load_dataset("mnist-5k")
    model = template_model(data.train_images[:300], data.train_labels[:300], SHORT)
    return Source(model, data.test_images[:5], tuple(map(str, data.test_labels[:5])))


@pytest.fixture(scope="session")
def signals():
    """Return a model of signals with three named classes, driven by contrast; no test images."""
    rng = np.random.default_rng(0)
    names = np.repeat(["early", "late", "never"], 8)
    images = rng.integers(90, 110, (24, 1, 12)).astype(np.uint8)
    images[:8, 0, 1:5], images[8:16, 0, 7:11] = 240, 240
    return Source(template_model(images, names, SHORT, {"drive": "contrast"}), images[:0])


@pytest.fixture
def ask(small_server):
    """Return a function that asks the small model's server and returns status, headers and body."""
    address = urlsplit(small_server.address)

    def send(path="", method="GET", *, token=address.path, host=address.netloc, body=None, headers=()):
        connection = HTTPConnection("127.0.0.1", address.port, timeout=20)
        connection.putrequest(method, token + path, skip_host=True)
        for name, value in {"Host": host, **dict(headers)}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found

    return send
