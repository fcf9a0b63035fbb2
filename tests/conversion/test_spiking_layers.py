"""Neurons, gates, encodings and read-outs against results worked out by hand, and what conversion refuses."""

import numpy as np
import pytest
import torch
from graphs import chain, convolution, dense
from hypothesis import given, settings
from hypothesis import strategies as st
from spiking_graphs import graphs, images_for, network, residual

from stdpnet.conversion import layers
from stdpnet.conversion.graph import Graph, Node
from stdpnet.conversion.reference import forward, scores
from stdpnet.conversion.simulation.torch_simulator import simulate
from stdpnet.conversion.simulation.torch_spiking import Gate
from stdpnet.conversion.spiking import SpikingNetwork, convert
from stdpnet.conversion.spiking.encoding import AnalogInput, PoissonInput, generator
from stdpnet.conversion.spiking.fixed_point import fixed_point
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire
from stdpnet.conversion.spiking.reader import Reader
from stdpnet.conversion.spiking.readout import (
    UNDECIDED,
    MembranePotential,
    SoftmaxOfPotential,
    SoftmaxRates,
    SoftmaxTriggered,
    SpikeCount,
    predictions,
    softmax,
)
from stdpnet.errors import ConversionError

#: Currents that single precision adds without rounding.
CURRENTS = np.arange(-64, 129) / 64


def spikes_of(currents, steps, **options):
    """Return the spikes (steps, n) of neurons with constant currents."""
    one = network((len(currents),), IntegrateAndFire(**options))
    return simulate(one, currents[None], steps, keep="rasters").rasters["layer 0"][0]


@pytest.mark.parametrize("initial", [0.0, 0.25, 0.5])
def test_reset_by_subtraction_gives_the_floor_of_the_integrated_current(initial):
    spikes = spikes_of(CURRENTS, 100, reset="subtraction", initial=initial)
    for steps in (1, 7, 64, 100):
        expected = np.clip(np.floor(CURRENTS * steps + initial), 0, steps)
        np.testing.assert_array_equal(spikes[:steps].sum(axis=0), expected)


@pytest.mark.parametrize("initial", [0.0, 0.5])
def test_reset_to_zero_gives_equal_intervals(initial):
    currents = CURRENTS[CURRENTS > 0]
    spikes = spikes_of(currents, 100, reset="zero", initial=initial)
    first, interval = np.ceil((1 - initial) / currents), np.ceil(1 / currents)
    for steps in (1, 7, 64, 100):
        expected = np.maximum(1 + np.floor((steps - first) / interval), 0)
        np.testing.assert_array_equal(spikes[:steps].sum(axis=0), expected)


def test_a_negative_or_no_current_never_spikes():
    assert not spikes_of(np.array([0.0, -1e-3, -5.0]), 50).any()


def test_a_spike_resets_in_the_step_in_which_it_is_sent():
    # 0.5 + 0.75 = 1.25, reset to 0.25; 1.0, reset to 0; 0.75; 1.5, reset to 0.5
    np.testing.assert_array_equal(spikes_of(np.array([0.75]), 4)[:, 0], [1, 1, 0, 1])


@pytest.mark.parametrize("options", [{"reset": "soft"}, {"initial": 1.0}, {"initial": -0.1}, {"initial": float("nan")}])
def test_neurons_refuse_unknown_options(options):
    (name,) = options
    with pytest.raises(ConversionError, match=f"{name} is .*; expected"):
        IntegrateAndFire(**options)


def through_gate(trains, estimate, span=0):
    """Return what a gate over one window lets pass of spike trains, given as text, in blocks of 2, 1 and more steps."""
    x = np.array([[float(c) for c in train] for train in trains]).T  # (steps, inputs)
    size = (1, x.shape[1])
    gate = Gate(MaxGate(size, size, (0, 0), estimate, span), (1, *size), torch.float64)
    gate.begin(1)
    blocks = [gate(torch.from_numpy(part.reshape(-1, 1, 1, *size))) for part in np.split(x, [2, 3])]
    return "".join(str(int(v)) for v in torch.cat(blocks).flatten())


def test_the_cumulative_gate_stays_with_an_input_until_another_is_ahead():
    assert through_gate(["101100", "010011", "000001"], "cumulative") == "101100"
    assert through_gate(["100000", "011110", "000000"], "cumulative") == "101110"


@given(data=st.data(), steps=st.integers(4, 20))
def test_the_cumulative_gate_sends_as_many_spikes_as_the_most_active_input(data, steps):
    bits = st.text("01", min_size=steps, max_size=steps)
    trains = [data.draw(bits) for _ in range(3)]
    passed = through_gate(trains, "cumulative")
    for end in range(steps + 1):
        assert passed[:end].count("1") == max(train[:end].count("1") for train in trains)


def gate_by_hand(trains, weights_of):
    """Return what passes, by definition: the input of the highest weighted mean, the first of several."""
    x = np.array([[float(c) for c in train] for train in trains])
    passed = ""
    for now in range(x.shape[1]):
        estimates = (x[:, : now + 1] * weights_of(now)).sum(axis=1).round(12)
        passed += str(int(x[estimates.argmax(), now]))
    return passed


@given(data=st.data(), span=st.integers(1, 6))
def test_gates_with_other_estimates_follow_their_definition(data, span):
    bits = st.text("01", min_size=12, max_size=12)
    trains = [data.draw(bits) for _ in range(3)]
    box = gate_by_hand(trains, lambda now: (np.arange(now, -1, -1) < span).astype(float))
    assert through_gate(trains, "finite", span) == box
    if span in (1, 2, 4):  # whose means are exact, and with them the ties
        falling = gate_by_hand(trains, lambda now: (1 - 1 / span) ** np.arange(now, -1, -1.0))
        assert through_gate(trains, "exponential", span) == falling


@pytest.mark.parametrize("text", ["sum", "cumulative:3", "exponential", "exponential:0", "finite:-2", "finite:1.5"])
def test_gates_refuse_unknown_options(text):
    graph = residual(np.random.default_rng(0))
    with pytest.raises(ConversionError, match=r"gate is '.*'; expected 'cumulative', |has a span of 0"):
        convert(graph, images_for(graph, 2), gate=text)


def test_poisson_spikes_have_the_pixels_rate_and_sign():
    layer = PoissonInput((2, 2), scale=np.array([2.0, 1.0]), seed=3)
    image = np.array([[1.0, -0.5], [0.0, -4.0]])
    spikes = layer.spikes(image, generator(3, "input", 0), 20_000)
    assert set(np.unique(spikes)) == {-1, 0, 1}
    rates = np.array([[0.5, -0.25], [0.0, -1.0]])
    deviation = np.sqrt(np.abs(rates) * (1 - np.abs(rates)) / 20_000)
    assert (np.abs(spikes.mean(axis=0) - rates) <= 4 * deviation).all()
    correlation = np.corrcoef(spikes[1:, 0, 0], spikes[:-1, 0, 0])[0, 1]
    assert abs(correlation) < 4 / np.sqrt(20_000)


def test_poisson_spikes_do_not_depend_on_how_steps_are_grouped():
    layer, image = PoissonInput((5,), scale=np.ones(5)), np.linspace(-1, 1, 5)
    whole, parts = generator(0, "input", 7), generator(0, "input", 7)
    expected = layer.spikes(image, whole, 10)
    np.testing.assert_array_equal(np.concatenate([layer.spikes(image, parts, n) for n in (3, 1, 6)]), expected)
    assert not np.array_equal(layer.spikes(image, generator(0, "input", 8), 10), expected)
    assert not np.array_equal(layer.spikes(image, generator(0, "readout", 7), 10), expected)
    assert not np.array_equal(layer.spikes(image, generator(1, "input", 7), 10), expected)


def read(layer, currents, images=(0,)):
    """Return the scores of a read-out for currents (steps, n_images, n_classes), read in two blocks."""
    reader = Reader(layer, images)
    return np.concatenate([reader.read(currents[:3]), reader.read(currents[3:])])


CONSTANT = np.broadcast_to(np.array([1.0, 3.0, 2.0]), (8, 1, 3))


def test_the_membrane_potential_adds_up_from_its_start():
    found = read(MembranePotential(start=4), CONSTANT)[:, 0]
    np.testing.assert_array_equal(found[:4], 0)
    np.testing.assert_array_equal(found[4:], np.outer([1, 2, 3, 4], [1, 3, 2]))


def test_the_softmax_of_potentials_sums_to_one_and_ranks_like_them():
    found = read(SoftmaxOfPotential(), CONSTANT)[:, 0]
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[1], np.exp([2, 6, 4]) / np.exp([2, 6, 4]).sum())


@pytest.mark.parametrize("layer", [SoftmaxRates(seed=1), SoftmaxTriggered(seed=1, rate=0.4)])
def test_softmax_spikes_have_the_softmax_as_their_rate(layer):
    # the potential stays where the first step puts it
    potential = np.array([0.0, 1.0, -0.5])
    currents = np.zeros((20_000, 1, 3))
    currents[0, 0] = potential
    found = read(layer, currents)[-1, 0]
    rate = softmax(potential) * (layer.rate if isinstance(layer, SoftmaxTriggered) else 1)
    assert (np.abs(found / 20_000 - rate) <= 4 * np.sqrt(rate * (1 - rate) / 20_000)).all()


def test_a_triggered_softmax_has_one_spike_for_each_trigger():
    found = read(SoftmaxTriggered(rate=1.0), np.zeros((50, 2, 4)), images=(0, 1))
    np.testing.assert_array_equal(np.diff(found, axis=0).sum(axis=2), 1)
    assert not np.array_equal(found[:, 0], found[:, 1])


def test_random_read_outs_depend_on_the_image_not_on_its_place():
    currents = np.zeros((30, 2, 3))
    both, second = read(SoftmaxRates(), currents, (4, 9)), read(SoftmaxRates(), currents[:, :1], (9,))
    np.testing.assert_array_equal(both[:, 1:], second)


def test_there_is_no_answer_before_there_is_evidence():
    values = np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 2.0], [-1.0, -3.0, -2.0]])
    np.testing.assert_array_equal(predictions(values), [UNDECIDED, 1, 0])


@pytest.mark.parametrize("make", [lambda: MembranePotential(start=-1), lambda: SoftmaxTriggered(rate=0)])
def test_read_outs_refuse_unusable_options(make):
    with pytest.raises(ConversionError, match="the read-out"):
        make()


def test_a_converted_network_is_the_normalised_analogue_network_for_the_reference():
    graph = residual(np.random.default_rng(2))
    images = images_for(graph, 10)
    converted = convert(graph, images, normalisation="maximum", pool_first=False)
    expected, found = forward(graph, images), forward(converted.graph, images)
    for name in graph.names(layers.ReLU, layers.MaxPooling, layers.Output):
        scale = converted.scales[name].reshape(-1, *(1,) * (expected[name].ndim - 2))
        np.testing.assert_allclose(found[name] * scale, expected[name], atol=1e-4 * np.abs(expected[name]).max())


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), encoding=st.sampled_from(["analog", "poisson"]))
def test_fixed_point_weights_are_close_and_their_sums_exact(graph, encoding):
    images = images_for(graph, 5)
    converted = convert(graph, images, encoding=encoding)
    again = fixed_point(converted.graph)
    rng = np.random.default_rng(0)
    for name in converted.graph.names(layers.Dense):
        layer, source = converted.graph.nodes[name].layer, converted.graph.nodes[name].inputs[0]
        np.testing.assert_array_equal(again.nodes[name].layer.weights, layer.weights)
        if isinstance(converted.graph.nodes[source].layer, IntegrateAndFire):
            weights = np.float32(layer.weights)
            np.testing.assert_array_equal(weights, layer.weights)
            for row in weights[:, rng.random(weights.shape[1]) < 0.7]:
                order = rng.permutation(row)
                assert np.add.accumulate(order, dtype=np.float32)[-1:] == np.float32(row.sum(dtype=float))


def test_counted_outputs_share_one_scale():
    graph = chain((3,), hidden=dense(np.random.default_rng(1), 4, 3), relu=layers.ReLU(), last=last_layer())
    converted = convert(graph, images_for(graph, 20), readout="count")
    neurons = "output neurons"
    assert isinstance(converted.graph.nodes[neurons].layer, IntegrateAndFire)
    assert isinstance(converted.readout, SpikeCount)
    assert len(np.unique(converted.scales[neurons])) == 1
    values = forward(graph, images_for(graph, 20))["last"]
    assert converted.scales[neurons][0] == pytest.approx(values.max(), rel=0.01)


def last_layer():
    return dense(np.random.default_rng(2), 2, 4)


def test_poisson_input_is_scaled_to_the_largest_pixel():
    graph = residual(np.random.default_rng(1))
    images = images_for(graph, 4)
    converted = convert(graph, images, encoding="poisson", seed=5)
    layer = converted.graph.nodes["image"].layer
    np.testing.assert_array_equal(layer.scale, np.abs(images).max())
    assert layer.seed == 5
    np.testing.assert_allclose(scores(converted.graph, images / layer.scale[0]), scores(graph, images), atol=1e-3)


def test_gates_on_currents_do_not_count_as_spiking():
    graph = residual(np.random.default_rng(0))
    first = convert(graph, images_for(graph, 4))
    behind = convert(graph, images_for(graph, 4), pool_first=False)
    assert isinstance(first.graph.nodes["stem relu"].layer, MaxGate)
    assert "stem relu" not in first.spiking_layers
    assert {"stem relu", "pool"} <= set(behind.spiking_layers)
    assert isinstance(behind.graph.nodes["pool"].layer, MaxGate)


def simple(**changes):
    rng = np.random.default_rng(0)
    middle = {"filters": convolution(rng, 2, 1), "relu": layers.ReLU(), "flat": layers.Flatten()}
    return chain((1, 3, 3), **middle, last=dense(rng, 3, 18), **changes)


@pytest.mark.parametrize(
    "layer, name",
    [
        (layers.Dropout(), "extra: a Dropout has no spiking counterpart; call passes.simplify first"),
        (layers.Softmax(), "extra: a Softmax has no spiking counterpart; call passes.simplify first"),
        (layers.BatchNormalisation(*np.ones((4, 3))), "extra: a BatchNormalisation has no spiking"),
    ],
)
def test_what_has_no_spiking_counterpart_is_named(layer, name):
    with pytest.raises(ConversionError, match=name):
        convert(simple(extra=layer), images_for(simple(), 2))


def test_a_graph_without_relu_is_refused():
    graph = chain((3,), last=dense(np.random.default_rng(0), 2, 3))
    with pytest.raises(ConversionError, match="the graph has no ReLU, so that nothing would spike"):
        convert(graph, images_for(graph, 2))
    assert isinstance(convert(graph, images_for(graph, 2), encoding="poisson"), SpikingNetwork)


def test_an_output_of_images_is_refused():
    graph = chain((1, 3, 3), filters=convolution(np.random.default_rng(0), 2, 1), relu=layers.ReLU())
    with pytest.raises(ConversionError, match=r"output: the output has shape \(2, 3, 3\); expected \(classes,\)"):
        convert(graph, images_for(graph, 2))


@pytest.mark.parametrize(
    "images, message",
    [
        (np.zeros((2, 1, 4, 4)), r"images have shape \(2, 1, 4, 4\); expected \(n_images, 1, 3, 3\)"),
        (np.zeros((0, 1, 3, 3)), r"images have shape \(0, 1, 3, 3\)"),
        (np.zeros((2, 1, 3, 3), np.uint8), "images are uint8; expected float32 or float64"),
        (np.full((2, 1, 3, 3), np.nan), "images hold values that are not finite"),
    ],
)
def test_unusable_images_are_refused(images, message):
    with pytest.raises(ConversionError, match=message):
        convert(simple(), images)


@pytest.mark.parametrize("option", ["encoding", "readout", "reset", "normalisation", "gate"])
def test_unknown_options_are_named(option):
    with pytest.raises(ConversionError, match=f"{option} is 'other'; expected"):
        convert(simple(), images_for(simple(), 2), **{option: "other"})


def test_all_zero_layers_convert_and_stay_silent():
    silent = layers.Convolution(np.zeros((2, 1, 3, 3)), np.zeros(2), padding=(1, 1))
    graph = simple().with_layers({"filters": silent})
    images = images_for(graph, 3)
    result = simulate(convert(graph, images), images, 10)
    assert result.spikes["relu"].sum() == 0
    np.testing.assert_allclose(result.scores / 10, scores(graph, images), atol=1e-5)


def test_an_image_goes_in_as_current():
    graph = Graph({"image": Node(AnalogInput((2,))), "scores": Node(MembranePotential(), ("image",))})
    result = simulate(SpikingNetwork(graph, {}), np.array([[0.25, -0.5]]), 4)
    np.testing.assert_array_equal(result.scores, [[1, -2]])
