"""Learning: regularisers in closed form, a tiny task, the report by hand."""

import numpy as np
import pytest
import torch

from stdpnet.backprop.constants import Presentation, Regularisation
from stdpnet.backprop.encoding import poisson
from stdpnet.backprop.evaluation.report import report
from stdpnet.backprop.evaluation.responses import NO_ANSWER, Responses, respond
from stdpnet.backprop.network import Description, Network
from stdpnet.backprop.regularisation import threshold_change, weight_penalty
from stdpnet.backprop.training import learn, output_error


def test_the_weight_penalty_and_its_derivative():
    constants = Regularisation(weight=0.01, steepness=2.0)
    weights = torch.tensor([[0.5, 1.0], [0.3, 0.4]], dtype=torch.float64, requires_grad=True)
    penalty = weight_penalty(weights, constants)
    penalty.backward()
    grown = np.exp(2 * (np.array([1.25, 0.25]) - 1))
    assert float(penalty.detach()) == pytest.approx(0.005 * grown.sum())
    np.testing.assert_allclose(weights.grad, 0.01 * 2 * grown[:, None] * weights.detach().numpy())


def test_the_sum_of_thresholds_stays():
    fired = torch.rand(50, 9, generator=torch.Generator().manual_seed(0)) < 0.3
    change = threshold_change(fired, Regularisation(threshold=0.1))
    assert float(change.sum()) == pytest.approx(0, abs=1e-5)
    one = threshold_change(fired[:1], Regularisation(threshold=0.1))
    n = int(fired[0].sum())
    np.testing.assert_allclose(one, np.where(fired[0], 0.1 * (9 - n), -0.1 * n), rtol=1e-5)


def test_the_output_error_is_the_gradient_of_the_cross_entropy():
    signals = torch.tensor([[1.0, 3.0, 0.0], [2.0, 2.0, 5.0]], dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 2])
    torch.nn.functional.cross_entropy(signals, labels, reduction="sum").backward()
    np.testing.assert_allclose(output_error(signals.detach(), labels), signals.grad, rtol=1e-6)


@pytest.mark.parametrize("optimiser, rate", [(torch.optim.Adam, 0.01), (torch.optim.SGD, 0.02)])
@pytest.mark.parametrize("kind", ["none", "uniform", "learned"])
def test_a_tiny_task_is_learned(kind, optimiser, rate):
    """Six patterns of which each has three classes' worth of pixels: no single pixel tells them apart."""
    random = np.random.default_rng(0)
    images = (random.permuted(np.tile([0] * 8 + [255] * 8, (12, 1)), axis=1)).astype(np.uint8)
    labels = np.arange(12) % 3
    network = Network(Description((40, 3), 16, kind, inhibition=0.05, alpha=3.0), seed=1)
    chosen, presentation = optimiser(network.parameters(), lr=rate), Presentation(time=40, rate=300.0)

    def right():
        answers = respond(network, np.tile(images, (10, 1)), presentation, np.random.default_rng(7)).predictions
        return np.mean(answers[:, -1] == np.tile(labels, 10))

    before = right()
    for _ in range(60):
        learn(network, chosen, poisson(images, presentation, random), labels, Regularisation())
    assert before < 0.6
    assert right() > 0.9
    assert all(float(layer.thresholds.min()) > 0 for layer in network.layers)
    kappa = network.layers[0].kappa
    if kind == "learned":
        assert kappa.max() == 0 and not kappa.diagonal().any() and kappa.std() > 0.01


def test_the_report_by_hand():
    network = Network(Description((5, 2), 3, winner_take_all="uniform"))
    shown = Responses(
        predictions=np.array([[NO_ANSWER, 1], [NO_ANSWER, 0]]),
        events=np.array([2.0, 3.0]),
        spikes=np.array([[1.0, 0.5], [0.0, 1.0]]),
    )
    found = report(network, shown, np.array([1, 1]))
    # an event reaches 5 neurons, a hidden spike 2 of the output and 4 of its own layer
    assert [row["operations"] for row in found["curve"]] == [16.0, 34.0]
    assert [row["accuracy"] for row in found["curve"]] == [0.0, 0.5]
    assert found["curve"][0]["unclassified"] == 2
    assert found["analogue"] == {"operations": 50, "macs": 25, "bias_additions": 0}
    assert found["energy"]["45_nm_pJ"]["spiking"] == pytest.approx(0.9 * 34)
    assert found["energy"]["neuromorphic_flop"]["spiking"] == pytest.approx(0.08 * 34 + 0.25 * 7 * 2)
    assert (found["input_events"], found["spikes"]) == (5.0, [1.5, 1.0])
