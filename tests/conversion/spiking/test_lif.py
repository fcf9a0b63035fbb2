"""LIF neurons: their rate against the closed form and Brian2, synapses, networks, and neuron types of one's own."""

from dataclasses import dataclass

import brian2
import numpy as np
import pytest
import torch
from graphs import chain
from spiking_graphs import network
from torch import nn

from stdpnet.base.errors import ConfigError, ConversionError
from stdpnet.conversion import storage
from stdpnet.conversion.ann.activations import RateActivation, with_activation
from stdpnet.conversion.ann.initialisation import unit_variance
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.graph.rates import RateCurve, SoftLIF
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.spiking.lif import AlphaSynapse, CurveNeurons, neurons_of

INPUTS = np.array([-1.0, -0.01, 0.05, 0.3, 1.0, 4.0, 10.0])


@dataclass(frozen=True, eq=False)
class Refractory(RateCurve):
    """Integrate-and-fire, silent for 2 ms after a spike."""

    def rate(self, above, xp):
        return above / (0.01 + 0.002 * above)


def spikes_of(neurons, inputs, steps):
    """Return how often neurons of some constant inputs spike, in spikes per second."""
    result = simulate(network((len(inputs),), neurons), inputs[None], steps, keep="counts", dtype="float64")
    return result.counts["layer 0"][0] / (steps * 1e-3)


def closed_form(inputs):
    """Return the rate of the constants of the paper, written apart."""
    current = 0.825 * inputs + 1
    period = 0.001 + 0.05 * np.log(current / np.where(current > 1, current - 1, 1))
    return np.where(current > 1, 1 / period, 0)


def test_the_rate_is_that_of_the_closed_form():
    steps = 20_000
    found = spikes_of(neurons_of(SoftLIF()), INPUTS, steps)
    np.testing.assert_allclose(found, closed_form(INPUTS), atol=1.01 / (steps * 1e-3), rtol=1e-4)


def test_the_rate_is_that_of_brian2s_neuron():
    """A leaky integrate-and-fire neuron as Brian2's documentation has it, in fine steps."""
    brian2.start_scope()
    group = brian2.NeuronGroup(
        len(INPUTS),
        "dv/dt = (current - v) / (50*ms) : 1 (unless refractory)\ncurrent : 1",
        threshold="v >= 1",
        reset="v = 0",
        refractory=1 * brian2.ms,
        method="exact",
        dt=0.02 * brian2.ms,
        codeobj_class=brian2.NumpyCodeObject,
    )
    group.current = 0.825 * INPUTS + 1
    monitor = brian2.SpikeMonitor(group, record=False)
    net = brian2.Network(group, monitor)
    net.run(400 * brian2.ms)
    found = spikes_of(neurons_of(SoftLIF()), INPUTS, 400)
    np.testing.assert_allclose(found, np.array(monitor.count) / 0.4, atol=2.51, rtol=0.02)


def test_the_soft_curve_approaches_the_hard_one_and_has_gradients_everywhere():
    soft = SoftLIF(gamma=1e-4).activation(INPUTS[2:], np)
    np.testing.assert_allclose(soft, 0.063 * closed_form(INPUTS[2:]), rtol=1e-6)
    np.testing.assert_allclose(SoftLIF(gamma=0.0).activation(INPUTS[2:], np), 0.063 * closed_form(INPUTS[2:]))
    x = torch.tensor([-1e4, -5.0, -0.1, 0.0, 0.1, 5.0, 1e4], requires_grad=True)
    SoftLIF().activation(x, torch).sum().backward()
    assert torch.isfinite(x.grad).all() and (x.grad >= 0).all() and (x.grad[2:6] > 0).all()


def test_amplitude_and_gain_make_the_curve_follow_a_relu():
    x = np.linspace(-1, 10, 200)
    assert np.abs(SoftLIF().activation(x, np) - np.maximum(x, 0)).max() < 0.9


@pytest.mark.parametrize("tau", [0.0, 0.005])
def test_synapses_are_alpha_functions_of_sum_one(tau):
    graph = network((1,), AlphaSynapse(tau, weight=3.0)).graph
    from stdpnet.conversion.simulators.torch_lif import Synapses

    synapses = Synapses(graph.layer("layer 0", AlphaSynapse), (1,), torch.float64)
    synapses.begin(1)
    pulse = torch.zeros(200, 1, 1, dtype=torch.float64)
    pulse[0] = 1
    found = np.concatenate([synapses(part).numpy().ravel() for part in pulse.split(64)])
    assert found.sum() == pytest.approx(3)
    if tau:
        t = np.arange(1, 201)
        alpha = t * np.exp(-t / 5)
        np.testing.assert_allclose(found, 3 * alpha / alpha.sum(), rtol=1e-6, atol=1e-12)


def small(activation):
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten()),
        *(nn.Linear(54, 20), nn.ReLU(), nn.Linear(20, 4)),
    )
    with_activation(model, activation).eval()
    images = torch.rand(40, 1, 8, 8)
    unit_variance(model, images)
    return model, images


@pytest.mark.parametrize("activation", ["softlif:10", RateActivation(Refractory(0.01, 2.0))])
def test_rates_follow_the_activations_with_the_weights_as_they_are(activation):
    model, images = small(activation)
    graph, steps = import_model(model, (1, 8, 8)), 500
    network = convert(model, images.numpy(), start=100, recent=1.0)
    np.testing.assert_array_equal(
        network.graph.layer("0", layers.Convolution).weights, model[0].weight.detach().numpy()
    )
    found = simulate(network, images.numpy(), steps, keep="counts")
    given = forward(network.graph, images.numpy().astype(float))
    for name, counts in found.counts.items():
        assert np.corrcoef(counts.ravel() / steps, given[name].ravel())[0, 1] > 0.99
    expected = scores(graph, images.numpy())
    np.testing.assert_allclose(expected, model(images).detach().numpy(), atol=1e-4)
    assert (
        np.corrcoef((found.scores / (steps - 100)).ravel(), scores(network.graph, images.numpy()).ravel())[0, 1] > 0.99
    )
    kind = "LIF" if activation == "softlif:10" else "CurveNeurons"
    assert type(network.graph.nodes[next(iter(found.counts))].layer).__name__ == kind


def test_noise_is_for_values_above_the_threshold_in_the_training():
    activation = RateActivation(SoftLIF(), noise=10.0)
    x = torch.tensor([[-0.5], [1.0]]).expand(2, 20_000)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        noisy = activation(x)
    clean = activation.eval()(x)
    assert torch.equal(noisy[0], clean[0])
    assert (noisy[1] - clean[1]).std().item() == pytest.approx(10 * 0.063, rel=0.03)


def test_neurons_of_a_curve_of_ones_own():
    found = spikes_of(neurons_of(Refractory(0.01, 2.0)), INPUTS, 5000)
    above = np.maximum(2 * INPUTS, 0)
    np.testing.assert_allclose(found, above / (0.01 + 0.002 * above), atol=0.21)


def test_a_graph_of_lif_neurons_is_saved(tmp_path):
    model, images = small("softlif")
    network = convert(model, images.numpy())
    storage.save(network.graph, tmp_path / "lif.npz")
    loaded = storage.load(tmp_path / "lif.npz")
    np.testing.assert_array_equal(scores(loaded, images.numpy()), scores(network.graph, images.numpy()))


@pytest.mark.parametrize("options", [{"encoding": "poisson"}, {"readout": "count"}])
def test_options_of_relus_are_refused(options):
    model, images = small("softlif")
    with pytest.raises(ConversionError, match="expected, of a network of rate curves, encoding analog"):
        convert(model, images.numpy(), **options)


def test_what_is_no_network_of_curves_is_refused():
    curve, relu = {"curve": SoftLIF()}, {"relu": layers.ReLU()}
    with pytest.raises(ConversionError, match="relu: a ReLU among rate curves"):
        convert(chain((3,), **curve, **relu), np.ones((2, 3)))
    with pytest.raises(ConversionError, match="curve: neurons of rate curves are made for any number of steps"):
        convert(chain((3,), **curve), np.ones((2, 3)), steps=8)
    with pytest.raises(ConversionError, match="a LIF cannot be simulated in Brian2"):
        simulate(convert(chain((3,), **curve), np.ones((2, 3))), np.ones((2, 3)), 8, "brian2")
    with pytest.raises(ConversionError, match="gain is 0; expected a finite number above 0"):
        SoftLIF(gain=0)
    with pytest.raises(ConversionError, match="tau_ref is -1 s"):
        SoftLIF(tau_ref=-1)
    with pytest.raises(NotImplementedError, match="define rate"):
        RateCurve().activation(np.ones(1), np)
    with pytest.raises(ConfigError, match="activation is 'softlif:-1'; expected relu, qcfs:LEVELS"):
        with_activation(nn.Sequential(nn.ReLU()), "softlif:-1")


def test_a_curve_of_ones_own_is_told_that_it_cannot_be_saved(tmp_path):
    assert isinstance(neurons_of(Refractory()), CurveNeurons)
    with pytest.raises(ConversionError, match="curve: a Refractory cannot be saved"):
        storage.save(chain((3,), curve=Refractory()), tmp_path / "own.npz")
