"""Who comes first within a time step: presentations of a single step, worked out by hand."""

import numpy as np
import pytest
from oracle.given_spikes import ONE_STEP

from stdpnet.learning.config import from_stored
from stdpnet.learning.presentation.batch import Shown, inputs
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.rules import Rule
from stdpnet.simulation.runtime import RuntimeSimulator

FIRES, RESTS = 0.0, -65e-3  # potentials in volt: above any threshold, and at rest

#: Every digit of a weight tells what a spike found: 3 is added by an output spike, 1 by a trace of the input, 5 by one
#: of the output. Traces do not decay.
DIGITS = Rule(
    name="digits",
    source="test",
    pre_traces="x : 1",
    pre_spike="x += 1",
    post_traces="y : 1",
    post_spike="y += 1",
    on_pre="w = 10 * w + x_pre + 5 * y_post",
    on_post="w = 10 * w + 3 + x_pre + 5 * y_post",
    normalise=False,
)


def configured(*, delays=False, **changes):
    """Return the configuration of two neurons, to which images are shown once."""
    return from_stored({"neurons": 2, "delays": delays, "presentation": {"repetitions": 0}, **changes})


def of_digits(*, delays=False):
    return configured(delays=delays, custom_rule=DIGITS.to_dict())


def show(config, images, weights, plastic=True, **given):
    """Show images for a step each; a pixel above 0 fires in it.

    Parameters
    ----------
    config : Config
    images : array_like, shape (n_images, n_inputs)
    weights : array_like, shape (n_inputs, 2)
    plastic : bool
    **given : dict of str to array_like
        Values at the start, by group: ``excitatory={"v": [...]}``.

    Returns
    -------
    dict of str to ndarray
        Weights, after training, in their shape.
    """
    images = np.asarray(images)
    state = initial_state(config, images.shape[1]) | {"input_synapses.w": np.array(weights, np.float32)}
    values, wanted = inputs(config, state, Shown(images, 0, "training"), plastic)
    start = {f"{group}.{name}": np.array(value) for group, each in given.items() for name, value in each.items()}
    variables = ("excitatory.v", "excitatory.ge", "excitatory.g_own", "inhibitory.v", "inhibitory.ge", "pool.g")
    simulator = RuntimeSimulator(network_spec(config, images.shape[1], plastic), "numpy")
    found = simulator.run(values | ONE_STEP | {"inputs.mean_interval": 0} | start, {*wanted, *variables})
    return found | ({"input_synapses.w": found["input_synapses.w"].reshape(-1, 2)} if plastic else {})


@pytest.mark.parametrize("delays", [False, True], ids=["no delays", "delays of 0"])
def test_a_spike_is_transmitted_then_learned_from_then_remembered(delays):
    given = {"input_synapses": {"delay_steps": np.zeros((2, 2), int)}} if delays else {}
    # the first input and the first output fire
    found = show(of_digits(delays=delays), [[1, 0]], np.ones((2, 2)), excitatory={"v": [FIRES, RESTS]}, **given)
    np.testing.assert_array_equal(found["spikes.i"], [0])
    np.testing.assert_array_equal(found["excitatory.ge"], [1, 1])  # the weights before they change
    # both spikes: 1, then 10 without any trace, then 100 + 3 + 1 with that of the input, without that of the output
    np.testing.assert_array_equal(found["input_synapses.w"], [[104, 10], [13, 1]])
    np.testing.assert_array_equal(found["inputs.x"], [1, 0])
    np.testing.assert_array_equal(found["excitatory.y"], [1, 0])


def test_a_delayed_spike_transmits_the_weight_that_it_finds():
    config = of_digits(delays=True)
    given = {"input_synapses": {"delay_steps": [[0, 1], [0, 1]]}}
    # the first input fires in both steps: it is on its way to the second neuron when it changes that weight
    found = show(config, [[1, 0], [1, 0]], np.ones((2, 2)), **given)
    # 1 in the first step, 10 in the second, before the second change, to 10 * 10 + 1
    decayed = np.exp(-config.presentation.dt / config.excitatory.tau_ge)
    np.testing.assert_allclose(found["excitatory.ge"], [10 + decayed, 10], rtol=1e-6)
    np.testing.assert_array_equal(found["input_synapses.w"], [[101, 101], [1, 1]])


def test_weights_are_normalised_before_the_first_spike():
    # four pixels: columns are scaled to 2, half of their greatest sum
    weights = np.array([[0.1, 0.3], [0.3, 0.1], [0.5, 0.5], [0.7, 0.1]])  # sums of 1.6 and 1
    found = show(configured(), [[1, 0, 0, 0]], weights)
    np.testing.assert_allclose(found["excitatory.ge"], [0.125, 0.6], rtol=1e-6)
    np.testing.assert_allclose(found["input_synapses.w"], weights * [1.25, 2], rtol=1e-6)


def test_theta_decays_before_the_first_step():
    # in one step of half of tau_theta, from 20 to 12.1 mV: only then is the threshold below the first potential
    changes = {"theta_initial": 20.0, "tau_theta": 1.0, "theta_plus": 400.0}  # 2 mV for 2 neurons
    found = show(configured(excitatory=changes), [[1]], np.ones((1, 2)), excitatory={"v": [-57e-3, -63e-3]})
    np.testing.assert_array_equal(found["spikes.i"], [0])
    decayed = 20e-3 * np.exp(-0.5)
    np.testing.assert_allclose(found["excitatory.theta"], [decayed + 2e-3, decayed], rtol=1e-6)


def test_inhibition_acts_throughout_a_step_and_then_decays():
    # all of it comes from the first neuron's partner: the first feels none, and stays at rest
    given = {"excitatory": {"v": [RESTS, RESTS], "g_own": [3, 0]}, "pool": {"g": [3]}}
    found = show(configured(), [[0]], np.ones((1, 2)), **given)
    level = (-65 + 3 * -100) / (1 + 3)  # to which it pulls the second one
    expected = [-65, level + (-65 - level) * np.exp(-0.5 * (1 + 3) / 100)]
    np.testing.assert_allclose(found["excitatory.v"], 1e-3 * np.array(expected), rtol=1e-6)
    np.testing.assert_allclose(found["pool.g"], 3 * np.exp(-0.5 / 2), rtol=1e-6)
    np.testing.assert_allclose(found["excitatory.g_own"], [3 * np.exp(-0.5 / 2), 0], rtol=1e-6)


def test_a_frozen_presentation_is_at_rest_before_its_first_step():
    weights = [[0.25, 0.5]]
    found = show(
        configured(),
        [[1]],
        weights,
        plastic=False,
        excitatory={"v": [FIRES, -63e-3], "ge": [5, 5], "g_own": [1, 2], "refractory_left": [-1.0, 1.0]},
        inhibitory={"v": [FIRES, -50e-3], "ge": [5, 5], "refractory_left": [-1.0, 1.0]},
        pool={"g": [3]},
    )
    assert len(found["spikes.i"]) == 0
    np.testing.assert_allclose(found["excitatory.v"], -65e-3, rtol=1e-6)
    np.testing.assert_allclose(found["inhibitory.v"], -60e-3, rtol=1e-6)
    np.testing.assert_array_equal(found["excitatory.ge"], weights[0])  # what the step itself brings
    for name in ("inhibitory.ge", "excitatory.g_own", "pool.g"):
        np.testing.assert_array_equal(found[name], 0)


@pytest.mark.parametrize("v, showings", [(FIRES, [0]), (RESTS, [0, 1, 2, 3])], ids=["a spike", "no spike"])
def test_a_spike_of_the_last_step_still_counts(v, showings):
    config = configured(presentation={"fewest_spikes": 1, "repetitions": 3})
    found = show(config, [[1]], np.zeros((1, 2)), excitatory={"v": [v, RESTS]})
    np.testing.assert_array_equal(found["onsets.repetition"], showings)
