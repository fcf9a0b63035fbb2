"""Stopping by confidence is about as good as by margin at the same number of steps: means of few steps are doubted."""

import numpy as np
import pytest
from graphs import chain, dense

from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.simulators import simulate, stopping
from stdpnet.conversion.simulators.stopping import DOUBT, Confidence, Margin

STEPS = 64


@pytest.fixture(scope="module")
def network():
    """Return a deep network whose analogue answers are about as sure as those of trained ones, and images."""
    rng, middle = np.random.default_rng(0), {}
    for number in range(5):
        size = 30 if number else 8
        weights = rng.normal(size=(30, size)) * np.sqrt(2 / size)
        middle |= {f"dense{number}": layers.Dense(weights, 0.1 * rng.normal(size=30)), f"relu{number}": layers.ReLU()}
    images = rng.random((300, 8))
    last = dense(rng, 5, 30)
    spread = scores(chain((8,), **middle, last=last), images).std(axis=0).mean()
    sure = layers.Dense(last.weights * 6 / spread, np.zeros(5))
    graph = chain((8,), **middle, last=sure)
    offset = scores(graph, images).mean(axis=0)
    graph = graph.with_layers({"last": layers.Dense(sure.weights, -offset)})
    return convert(graph, images), images, scores(graph, images).argmax(axis=1)


def at(network, kind, amounts):
    """Return mean steps and agreement with the analogue answers, for each amount that is asked for."""
    spiking, images, answers = network
    found = (simulate(spiking, images, STEPS, stop=kind(amount)) for amount in amounts)
    return np.array([(one.steps.mean(), (one.predictions[:, -1] == answers).mean()) for one in found]).T


def test_by_confidence_about_as_many_answers_are_right_as_by_margin(network, monkeypatch):
    margin = at(network, Margin, (5, 10, 20, 40, 60, 80, 120, 200))

    def lost(*amounts):
        """Return how much less than by margin, at the same number of steps."""
        steps, right = at(network, Confidence, amounts)
        assert steps.min() > 5 and steps.max() < 54
        return np.interp(steps, *margin) - right

    assert lost(0.7, 0.9, 0.95).max() < 0.06
    monkeypatch.setattr(stopping, "DOUBT", 0)
    assert lost(0.99, 0.995).max() > 0.1


def test_a_great_lead_after_one_step_is_no_certainty():
    lead = np.zeros((400, 1, 3))
    lead[..., 0] = 8 * np.arange(1, 401)[:, None]  # a mean of 8 in every step: in the end 99.9 %
    (reached,) = Confidence(0.99).reached(lead, np.arange(1, 401)).T
    first = int(reached.argmax()) + 1
    mean = np.log(0.99 / 0.01 * 2)  # of this lead over two others the softmax is 0.99
    assert first == int(np.ceil(DOUBT * mean / (8 - mean))) and reached[first - 1 :].all()
