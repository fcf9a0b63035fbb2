"""The noise: known answers of the generator, and spikes that are Poisson and the same everywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from recorder import N_IMAGES, recorded_config
from scipy import stats
from tiny import N_INPUTS, record, step_numbers, tiny_config, training_digits

from stdpnet.learning.values import constants
from stdpnet.network.poisson import exponential, philox, poisson_interval

# Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, first word of the answer.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), 0x6627E8D5),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, 0x408F276D),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), 0xD16CFE09),
]


@pytest.mark.parametrize("counter, key, answer", KNOWN_ANSWERS)
def test_generator_gives_the_known_answers(counter, key, answer):
    assert int(philox(counter, key)) == answer


@given(arrays(np.uint64, 50, elements=st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 2**31, 2**32 - 1])))
def test_exponential_is_minus_the_logarithm(words):
    found = exponential(words) / 2**31
    np.testing.assert_allclose(found, -np.log((2.0 * words + 1) / 2**33), rtol=0, atol=1e-6)


def test_intervals_are_exponentially_distributed():
    mean = 16_000
    intervals = poisson_interval(mean, np.arange(200), np.arange(100)[:, None], 7, 0, 1, 0).ravel()
    assert 0.001 < stats.kstest(intervals / mean, "expon").pvalue < 0.999
    assert abs(intervals.mean() / mean - 1) < 4 / np.sqrt(intervals.size)


def test_every_argument_gives_independent_intervals():
    base = np.array([3, 5, 7, 1, 11, 0])  # draw, pixel, presentation, repetition, seed, stream
    reference = poisson_interval(16_000, np.arange(2000), *base[1:])
    for changed in range(1, 6):
        other = base.copy()
        other[changed] += 1
        values = poisson_interval(16_000, np.arange(2000), *other[1:])
        assert stats.spearmanr(reference, values).pvalue > 0.001
    assert stats.spearmanr(reference[1:], reference[:-1]).pvalue > 0.001


def input_counts(n, seed):
    """Return the input spikes of `n` presentations of one image of graded greys, and their expectation."""
    grey = np.arange(N_INPUTS) * 4
    config = tiny_config({"seed": seed, "presentation": {"fewest_spikes": 0}})
    images = np.broadcast_to(grey.astype(np.uint8), (n, N_INPUTS))
    _, results = record(config, images, "cpp")
    slot_steps = constants(config, N_INPUTS, plastic=True)["protocol.slot_steps"]
    counts = np.zeros((n, N_INPUTS), int)
    np.add.at(counts, (step_numbers(config, results["inputs_spikes.t"]) // slot_steps, results["inputs_spikes.i"]), 1)
    return counts, grey * 0.125 * 2 * 0.350  # Hz per grey level, intensity, seconds


def test_counts_of_every_pixel_are_poisson():
    counts, means = input_counts(500, seed=5)
    assert counts[:, 0].sum() == 0  # a black pixel never spikes
    # dispersion: for Poisson counts, sum (k - m)**2 / m is chi-square distributed
    dispersion = ((counts[:, 1:] - means[1:]) ** 2 / means[1:]).sum(axis=0)
    p_values = stats.chi2.sf(dispersion, len(counts))
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    # goodness of fit, pixel by pixel, with bins of at least five expected counts
    fits = []
    for pixel in range(1, N_INPUTS):
        law = stats.poisson(means[pixel])
        edges = np.unique(law.ppf(np.linspace(0.02, 0.98, 12)))
        observed = np.bincount(np.searchsorted(edges, counts[:, pixel]), minlength=len(edges) + 1)
        expected = len(counts) * np.diff(np.concatenate([[0], law.cdf(edges), [1]]))
        fits.append(stats.chisquare(observed, expected).pvalue)
    assert stats.kstest(fits, "uniform").pvalue > 0.001
    assert min(fits) > 0.001 / len(fits)


def test_counts_of_pixels_and_presentations_are_uncorrelated():
    counts, _ = input_counts(500, seed=6)
    of_pixels = np.corrcoef(counts[:, 1:].T)[np.triu_indices(N_INPUTS - 1, 1)]
    # of independent samples, sqrt(n) times the correlation is close to standard normal
    assert stats.kstest(np.sqrt(500) * of_pixels, "norm").pvalue > 0.001
    serial = [stats.pearsonr(counts[1:, pixel], counts[:-1, pixel])[0] for pixel in range(1, N_INPUTS)]
    assert stats.kstest(np.sqrt(500) * np.array(serial), "norm").pvalue > 0.001


def expected_input_spikes(config, images, onsets):
    """Return the (step, pixel) of all input spikes, computed from the intervals alone."""
    values = constants(config, N_INPUTS, plastic=True)
    window, slot = values["inputs.window_steps"], values["inputs.slot_steps"]
    spikes = set()
    for number, (image, repetition) in enumerate(onsets):
        for pixel in np.flatnonzero(images[image]):
            drive = int(images[image][pixel]) * (config.presentation.intensity + repetition)
            draws = np.arange(500)
            arrivals = np.cumsum(
                poisson_interval(values["inputs.mean_interval"], draws, pixel, image, repetition, config.seed, 0)
            )
            assert arrivals[-1] > drive * window
            before = -1
            for arrival in arrivals:
                # at the end of step k the pixel has collected drive * (k + 1); one spike per step at most
                step = before = max(-(-int(arrival) // drive) - 1, before + 1)
                if step >= window:
                    break
                spikes.add((number * slot + step, int(pixel)))
    return spikes


@pytest.mark.parametrize("name", ["delays", "no delays"])
@pytest.mark.parametrize("target", ["numpy", "cython", "cpp"])
def test_input_spikes_are_those_of_the_intervals_on_every_target(recordings, target, name):
    found, config = recordings[target, name], recorded_config(name)
    onsets = list(zip(found["onsets.image"].tolist(), found["onsets.repetition"].tolist(), strict=True))
    assert {image for image, _ in onsets} == set(range(N_IMAGES))
    assert max(repetition for _, repetition in onsets) > 0  # other intensities occur too
    steps = step_numbers(config, found["inputs_spikes.t"])
    spikes = list(zip(steps.tolist(), found["inputs_spikes.i"].tolist(), strict=True))
    assert len(spikes) == len(set(spikes))
    assert set(spikes) == expected_input_spikes(config, training_digits(N_IMAGES), onsets)
