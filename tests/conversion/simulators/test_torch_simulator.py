"""The PyTorch simulator equals a plain step-by-step one, however images and steps are grouped."""

import numpy as np
import pytest
import torch
from graphs import chain, convolution, dense
from spiking_graphs import images_for, network, residual
from stepper import step_by_step

from stdpnet.base.errors import ConversionError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.simulators import torch_network
from stdpnet.conversion.simulators.stopping import DOUBT, Confidence, Margin
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.readout import predictions, softmax

VARIANTS = {
    "default": {},
    "gates on spikes": {"pool_first": False},
    "poisson": {"encoding": "poisson", "pool_first": False},
    "reset to zero, counted": {"reset": "zero", "readout": "count"},
}
STEPS = 20


@pytest.fixture(scope="module")
def images():
    return images_for(residual(np.random.default_rng(0)), 7)


def converted(images, **options):
    return convert(residual(np.random.default_rng(0)), images, **{"recent": 1.0} | options)


def assert_equal_results(one, other):
    for part in ("predictions", "scores", "steps"):
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))
    for part in ("spikes", "counts", "rasters"):
        for name, values in getattr(one, part).items():
            np.testing.assert_array_equal(values, getattr(other, part)[name], err_msg=name)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_spike_is_that_of_a_plain_simulation(images, variant):
    spiking = converted(images, **VARIANTS[variant])
    expected, sums = step_by_step(spiking, images, STEPS)
    result = simulate(spiking, images, STEPS, dtype="float64", keep="rasters")
    assert set(result.rasters) == set(expected)
    for name, raster in expected.items():
        assert 0.02 < np.abs(raster).mean() < 0.9
        np.testing.assert_array_equal(result.rasters[name], raster != 0, err_msg=name)
    np.testing.assert_allclose(result.scores, sums, atol=1e-9)


def test_grouped_strided_and_dilated_convolutions_of_spikes_against_a_plain_simulation():
    rng = np.random.default_rng(0)
    windows = {"stride": (2, 1), "dilation": (1, 2), "groups": 2}
    middle = {"a": convolution(rng, 4, 1), "ra": layers.ReLU(), "b": convolution(rng, 6, 2, **windows)}
    graph = chain((1, 6, 6), **middle, rb=layers.ReLU(), flat=layers.Flatten(), last=dense(rng, 3, 72))
    pictures = images_for(graph, 3)
    spiking = convert(graph, pictures, recent=1.0)
    expected, sums = step_by_step(spiking, pictures, STEPS)
    result = simulate(spiking, pictures, STEPS, dtype="float64", keep="rasters")
    for name, raster in expected.items():
        assert 0.02 < raster.mean() < 0.9
        np.testing.assert_array_equal(result.rasters[name], raster != 0, err_msg=name)
    np.testing.assert_allclose(result.scores, sums, atol=1e-9)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_neither_batch_nor_block_nor_threads_change_a_bit(images, variant, dtype, monkeypatch):
    spiking = converted(images, **VARIANTS[variant])
    expected = simulate(spiking, images, STEPS, dtype=dtype, keep="rasters")
    threads = torch.get_num_threads()
    for batch, block in ((1, 1), (3, 1500), (7, 500)):
        monkeypatch.setattr(torch_network, "BLOCK", block)
        assert_equal_results(simulate(spiking, images, STEPS, dtype=dtype, keep="rasters", batch=batch), expected)
    try:
        torch.set_num_threads(2)
        assert_equal_results(simulate(spiking, images, STEPS, dtype=dtype, keep="rasters"), expected)
    finally:
        torch.set_num_threads(threads)


def test_a_wide_network_does_not_depend_on_the_batch_either():
    # a matrix product that PyTorch rounds differently for one row and for many, unless its sums are exact
    rng = np.random.default_rng(0)
    hidden = {"a": dense(rng, 300, 50), "ra": layers.ReLU(), "b": dense(rng, 300, 300), "rb": layers.ReLU()}
    graph = chain((50,), **hidden, last=dense(rng, 10, 300))
    pictures = rng.random((33, 50))
    spiking = convert(graph, pictures)
    expected = simulate(spiking, pictures, 40, batch=33)
    for batch in (1, 2, 16):
        assert_equal_results(simulate(spiking, pictures, 40, batch=batch), expected)


def test_poisson_spikes_bring_the_same_in_single_and_in_double_precision(images):
    spiking = converted(images, encoding="poisson")
    single, double = (simulate(spiking, images, 100, dtype=dtype, keep="rasters") for dtype in ("float32", "float64"))
    assert_equal_results(single, double)


@pytest.mark.parametrize("readout", ["membrane", "softmax-rates", "softmax-triggered"])
def test_an_image_brings_the_same_wherever_it_stands(images, readout):
    spiking = converted(images, encoding="poisson", readout=readout, seed=3)
    whole, part = simulate(spiking, images, STEPS), simulate(spiking, images[4:], STEPS, first=4)
    np.testing.assert_array_equal(whole.predictions[4:], part.predictions)
    np.testing.assert_array_equal(whole.scores[4:], part.scores)


def test_fewer_steps_give_the_beginning_of_more(images):
    spiking = converted(images, encoding="poisson")
    short, long = simulate(spiking, images, 10), simulate(spiking, images, STEPS)
    np.testing.assert_array_equal(short.predictions, long.predictions[:, :10])
    for name, totals in short.spikes.items():
        np.testing.assert_array_equal(totals, long.spikes[name][:, :10])


@pytest.mark.parametrize("encoding", ["analog", "poisson"])
def test_totals_and_counts_are_sums_of_the_rasters(images, encoding):
    spiking = converted(images, pool_first=False, encoding=encoding)
    totals, counts, rasters = (simulate(spiking, images, STEPS, keep=keep) for keep in ("totals", "counts", "rasters"))
    assert not totals.counts and not totals.rasters and not counts.rasters
    for name, raster in rasters.rasters.items():
        np.testing.assert_array_equal(raster.sum(axis=1), counts.counts[name])
        for result in (totals, counts, rasters):
            np.testing.assert_array_equal(raster.sum(axis=tuple(range(2, raster.ndim))), result.spikes[name])


def test_the_prediction_after_each_step_is_that_of_a_run_of_so_many_steps(images):
    spiking = converted(images, start=3)
    curve = simulate(spiking, images, STEPS).predictions
    assert (curve[:, :3] == NO_ANSWER).all()
    for steps in (4, 9, STEPS):
        np.testing.assert_array_equal(curve[:, steps - 1], predictions(simulate(spiking, images, steps).scores))


@pytest.mark.parametrize("stop, scale", [(Margin(4.0), 0.01), (Confidence(0.7), 0.1)])
def test_an_image_stops_at_the_first_step_that_fulfils_the_criterion(images, stop, scale, monkeypatch):
    monkeypatch.setattr(torch_network, "BLOCK", 2500)  # several blocks, so that images leave the batch
    last = residual(np.random.default_rng(0)).nodes["dense"].layer
    quiet = layers.Dense(last.weights * scale, last.bias * scale)
    spiking = convert(residual(np.random.default_rng(0)).with_layers({"dense": quiet}), images, start=2)
    full = simulate(spiking, images, STEPS, keep="rasters")
    scores = np.stack([simulate(spiking, images, steps).scores for steps in range(3, STEPS + 1)])
    ranked = np.sort(scores, axis=2)
    if isinstance(stop, Margin):
        reached = ranked[..., -1] - ranked[..., -2] >= 4
    else:
        reached = softmax(scores / (np.arange(1, STEPS - 1) + DOUBT)[:, None, None]).max(axis=2) >= 0.7
    expected = np.where(reached.any(axis=0), reached.argmax(axis=0) + 3, STEPS)
    assert len(set(expected)) > 2 and expected.max() == STEPS
    for batch in (1, 3, 7):
        result = simulate(spiking, images, STEPS, keep="rasters", stop=stop, batch=batch)
        np.testing.assert_array_equal(result.steps, expected)
        for number, end in enumerate(expected):
            np.testing.assert_array_equal(result.predictions[number, :end], full.predictions[number, :end])
            assert (result.predictions[number, end:] == full.predictions[number, end - 1]).all()
            np.testing.assert_array_equal(result.scores[number], scores[end - 3, number])
            for name, raster in result.rasters.items():
                np.testing.assert_array_equal(raster[number, :end], full.rasters[name][number, :end])
                assert not raster[number, end:].any() and not result.spikes[name][number, end:].any()


def test_a_second_simulation_starts_anew(images):
    spiking = converted(images)
    assert_equal_results(simulate(spiking, images, STEPS), simulate(spiking, images, STEPS))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"steps": 0}, "steps is 0; expected at least 1"),
        ({"batch": 0}, "batch is 0; expected at least 1 image"),
        ({"dtype": "float16"}, "dtype is 'float16'; expected one of float32, float64"),
        ({"keep": "all"}, "keep is 'all'; expected one of totals, counts, rasters"),
    ],
)
def test_unusable_options_are_refused(images, options, message):
    with pytest.raises(ConversionError, match=message):
        simulate(converted(images), images, **{"steps": 3, **options})


def test_a_readout_that_never_starts_is_refused(images):
    with pytest.raises(ConversionError, match="the readout starts after 5 steps; expected fewer than steps, 5"):
        simulate(converted(images, start=5), images, 5)


def test_images_of_another_shape_are_refused(images):
    with pytest.raises(ConversionError, match=r"images have shape \(7, 2, 6\); expected \(n_images, 2, 6, 6\)"):
        simulate(converted(images), images[..., 0], 5)


def test_a_layer_that_does_not_spike_is_refused():
    with pytest.raises(ConversionError, match="layer 0: a ReLU does not spike; make networks with convert"):
        network((2,), layers.ReLU())


@pytest.mark.parametrize("make", [lambda: Margin(0.0), lambda: Confidence(1.0), lambda: Confidence(0.0)])
def test_a_criterion_that_cannot_be_meant_is_refused(make):
    with pytest.raises(ConversionError, match="to stop at is"):
        make()
