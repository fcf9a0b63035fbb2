"""The neurons by themselves: firing rates in closed form, refractory times, spikes and held potentials."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, defaultclock, linked_var, mV, prefs, second

from stdpnet.learning.config import Config
from stdpnet.network.integration import step
from stdpnet.network.neurons import Excitatory, Inhibitory, constants_of, shared_parameters
from stdpnet.network.synapses import POOL

DT = 0.5e-3
FOREVER = 1e9  # seconds: a conductance with this time constant is held


@pytest.fixture(autouse=True)
def numpy_target():
    before = prefs.codegen.target, defaultclock.dt
    prefs.codegen.target, defaultclock.dt = "numpy", DT * second
    yield
    prefs.codegen.target, defaultclock.dt = before


def run(group, others, duration):
    """Run a group; return the steps between the spikes of each neuron, and the potential of neuron 0 at each step."""
    spikes, potential = SpikeMonitor(group), StateMonitor(group, "v", record=[0], when="end")
    Network(group, *others, spikes, potential).run(duration * second, namespace={})
    trains = [np.rint(train / second / DT).astype(int) for train in spikes.spike_trains().values()]
    return [np.diff(train) for train in trains], trains[0], np.asarray(potential.v[0])


def constants(group, values, names):
    for name in names:
        group.variables[name].set_value(getattr(values, name) * 1e-3)  # ms and mV


def text_of(population):
    """Return the equations of a frozen population, with its constants."""
    return population.text.model + shared_parameters(population, constants_of(population, learning=False))


def excitatory(ge, gi=0.0, theta=20.0, refractory_time=5.0):
    """Return excitatory neurons with held conductances, theta in mV, refractory time in ms."""
    values = Config().excitatory
    pool = NeuronGroup(1, POOL.model, method=step)
    pool.variables["tau_gi"].set_value(FOREVER)
    pool.g = gi
    group = NeuronGroup(
        len(np.atleast_1d(ge)),
        text_of(Excitatory),
        threshold=Excitatory.text.threshold,
        reset=Excitatory.text.reset,
        method=step,
    )
    group.g_pool = linked_var(pool, "g")
    names = ("tau_m", "v_rest", "v_reset", "v_threshold", "e_excitatory", "e_inhibitory", "theta_offset")
    constants(group, values, names)
    group.variables["refractory_time"].set_value(refractory_time * 1e-3)
    group.variables["tau_ge"].set_value(FOREVER)
    group.variables["tau_gi"].set_value(FOREVER)
    group.ge, group.v = ge, values.v_reset * mV
    group.variables["theta"].set_value(theta * 1e-3)
    return group, [pool]


def steps_to_threshold(values, ge, gi, threshold):
    """Return the steps from reset until the potential exceeds the threshold, in closed form (all in mV and ms)."""
    total = 1 + ge + gi
    e_inhibitory = getattr(values, "e_inhibitory", 0)
    limit = (values.v_rest + ge * values.e_excitatory + gi * e_inhibitory) / total
    assert limit > threshold
    time = values.tau_m / total * np.log((limit - values.v_reset) / (limit - threshold))
    steps = 1e-3 * time / DT
    assert abs(steps - round(steps)) > 0.01  # rounding in the simulation cannot move it to another step
    return int(np.ceil(steps))


@pytest.mark.parametrize("gi", [0.0, 0.2])
@pytest.mark.parametrize("theta", [20.0, 33.0])
def test_rate_of_excitatory_neurons_is_that_of_the_closed_form(theta, gi):
    ge = np.array([1.15, 1.55, 2.45, 4.0])
    expected = [steps_to_threshold(Config().excitatory, g, gi, -52 - 20 + theta) for g in ge]
    assert min(expected) > 5e-3 / DT  # slower than the refractory time allows
    intervals, _, _ = run(*excitatory(ge, gi, theta), duration=2.0)
    for found, steps in zip(intervals, expected, strict=True):
        assert len(found) > 10
        # the potential integrates while spikes are suppressed: the refractory time adds nothing
        assert set(found.tolist()) == {steps}


def test_a_neuron_feels_the_inhibition_of_all_but_its_own_partner():
    group, others = excitatory([2.45, 2.45, 2.45], gi=0.5)
    group.g_own = [0.0, 0.3, 0.5]  # what its own partner has put into the pool
    intervals, _, _ = run(group, others, duration=2.0)
    expected = [steps_to_threshold(Config().excitatory, 2.45, gi, -52) for gi in (0.5, 0.2, 0.0)]
    assert len(set(expected)) == 3
    assert [set(found.tolist()) for found in intervals] == [{steps} for steps in expected]


def test_excitatory_neurons_fire_at_most_once_in_the_refractory_time():
    ge, refractory_time = np.array([3.0, 9.0, 60.0]), 12.0
    expected = [steps_to_threshold(Config().excitatory, g, 0, -52) for g in ge]
    assert max(expected) < refractory_time * 1e-3 / DT  # above threshold before it is over
    intervals, _, _ = run(*excitatory(ge, refractory_time=refractory_time), duration=1.0)
    for found in intervals:
        assert len(found) > 50
        assert set(found.tolist()) == {round(refractory_time * 1e-3 / DT)}


def test_excitatory_potential_follows_the_closed_form_through_the_refractory_time():
    values, ge = Config().excitatory, 1.1
    _, spikes, potential = run(*excitatory([ge]), duration=0.2)
    limit = (values.v_rest + ge * values.e_excitatory) / (1 + ge)
    after = np.arange(spikes[1] - spikes[0]) * DT
    expected = limit + (values.v_reset - limit) * np.exp(-after * (1 + ge) / (values.tau_m * 1e-3))
    np.testing.assert_allclose(potential[spikes[0] : spikes[1]], 1e-3 * expected, rtol=1e-6)


def test_theta_raises_the_threshold_and_theta_offset_lowers_it():
    # at rest level -65 the neuron fires by itself once theta is below 7 mV: -52 - 20 + 7 = -65
    group, others = excitatory([0.0, 0.0])
    group.variables["theta"].set_value(np.array([6.9e-3, 7.1e-3]))
    group.v = -65 * mV
    spikes = SpikeMonitor(group)
    Network(group, *others, spikes).run(0.1 * second, namespace={})
    assert set(np.asarray(spikes.i).tolist()) == {0}


def inhibitory(ge):
    values = Config().inhibitory
    group = NeuronGroup(
        len(ge),
        text_of(Inhibitory),
        threshold=Inhibitory.text.threshold,
        reset=Inhibitory.text.reset,
        method=step,
    )
    constants(group, values, ("tau_m", "v_rest", "v_reset", "v_threshold", "e_excitatory", "refractory_time"))
    group.variables["tau_ge"].set_value(FOREVER)
    group.ge, group.v = ge, values.v_reset * mV
    return group, []


def test_rate_of_inhibitory_neurons_adds_the_refractory_time():
    ge = np.array([0.6, 1.0, 3.0])
    refractory = round(Config().inhibitory.refractory_time * 1e-3 / DT)
    intervals, _, _ = run(*inhibitory(ge), duration=1.0)
    for found, g in zip(intervals, ge, strict=True):
        assert len(found) > 10
        assert set(found.tolist()) == {refractory + steps_to_threshold(Config().inhibitory, g, 0, -40)}


def test_inhibitory_neuron_is_held_at_reset_while_refractory():
    refractory = round(Config().inhibitory.refractory_time * 1e-3 / DT)
    _, spikes, potential = run(*inhibitory([1.0]), duration=0.1)
    assert len(spikes) > 3
    for spike in spikes[:-1]:
        np.testing.assert_allclose(potential[spike : spike + refractory + 1], -45e-3, rtol=1e-9)
        assert potential[spike + refractory + 1] > -45e-3 + 1e-5
