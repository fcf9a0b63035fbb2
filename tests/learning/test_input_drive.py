"""What images do to the inputs: grey levels as they are, contrast whatever the ground and the brightness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from idxfiles import write_idx_folder
from tiny import N_INPUTS, SHORT, digits, record, tiny_config, training_digits

import stdpnet
from stdpnet.base.errors import ConfigError
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.presentation.contrast import Contrast, Ink
from stdpnet.learning.presentation.drive_choice import choose_drive, like_mnist
from stdpnet.learning.presentation.input_drive import Grey, drive_for, drive_in
from stdpnet.learning.presentation.spread import MNIST_LENGTH, spread_of
from stdpnet.learning.state import State, initial_state
from stdpnet.learning.values import constants, network_spec, weight_total
from stdpnet.plots.receptive_fields import plot_receptive_fields


def images(seed, n=30, pixels=12):
    return np.random.default_rng(seed).integers(0, 100, (n, pixels)).astype(np.uint8)


def test_grey_levels_stay_what_they_are():
    drive = drive_for("grey", images(0).reshape(30, 3, 4))
    np.testing.assert_array_equal(drive.encode(images(1).reshape(30, 3, 4)), images(1))
    assert drive == Grey(12) and drive.arrays() == {}


def test_a_stream_is_compared_with_the_mean_of_all_images_so_far():
    many = np.concatenate([images(seed) for seed in range(40)])
    whole, running = Contrast.of_images(many), Contrast.of_images(many[:7])
    for start in range(7, len(many), 13):
        running = running.with_more(many[start : start + 13], start)
    np.testing.assert_allclose(running.mean, whole.mean)
    assert (running.typical, running.factor) == pytest.approx((whole.typical, whole.factor), rel=0.02)
    mean_drive = running.encode(many).mean() / 16
    assert mean_drive == pytest.approx(33.3, rel=0.02)


def test_a_stream_changes_neither_grey_levels_nor_the_ground():
    grey, ink = Grey(12), Ink.of_images(np.full((5, 12), 7, np.uint8))
    assert grey.with_more(images(0), 5) == grey
    assert set(ink.with_more(images(0), 5).mean) == {7.0}


def test_contrast_is_that_of_the_formula():
    shown, mean = images(1)[:1], images(0).mean(axis=0)
    on_off = np.concatenate([np.clip(shown[0] - mean, 0, None), np.clip(mean - shown[0], 0, None)])
    typical = np.mean([np.abs(x - mean).sum() for x in images(0).astype(float)])
    gains = [np.sqrt(typical / np.abs(x - mean).sum()) for x in images(0).astype(float)]
    sums = [gain * np.abs(x - mean).sum() for gain, x in zip(gains, images(0).astype(float), strict=True)]
    factor = 33.3 * 24 / np.mean(sums)
    expected = 16 * factor * np.sqrt(typical / on_off.sum()) * on_off
    np.testing.assert_allclose(Contrast.of_images(images(0)).encode(shown)[0], expected, atol=0.5)


def test_inputs_are_driven_as_by_mnist_in_the_mean():
    drive = Contrast.of_images(images(0))
    assert drive.encode(images(0)).mean() / 16 == pytest.approx(33.3, rel=1e-3)


@settings(max_examples=20, derandomize=True)
@given(factor=st.sampled_from([1, 2]), ground=st.integers(0, 55), seed=st.integers(0, 100))
def test_any_ground_and_any_contrast_cancel(factor, ground, seed):
    plain, other = images(seed), images(seed) * np.uint8(factor) + np.uint8(ground)
    difference = Contrast.of_images(plain).encode(plain) - Contrast.of_images(other).encode(other)
    assert np.abs(difference).max() <= 1  # of 1 / 16 grey level


def test_inverting_exchanges_on_and_off():
    plain = images(3)
    on, off = np.split(Contrast.of_images(plain).encode(plain), 2, axis=1)
    other_on, other_off = np.split(Contrast.of_images(255 - plain).encode(255 - plain), 2, axis=1)
    assert np.abs(on - other_off).max() <= 1 and np.abs(off - other_on).max() <= 1


def test_ink_is_the_distance_from_the_ground():
    shown = np.array([[9, 9, 9, 9, 29, 9], [9, 9, 0, 9, 9, 49]], np.uint8)
    # sums 20 and 49, their mean A = 34.5; sums after the root sqrt(A 20) and sqrt(A 49), their mean times k is 33.3 * 6
    typical, factor = 34.5, 33.3 * 6 / (np.sqrt(34.5) * (np.sqrt(20) + 7) / 2)
    gains = factor * np.sqrt(typical / np.array([[20], [49]]))
    expected = 16 * gains * [[0, 0, 0, 0, 20, 0], [0, 0, 9, 0, 0, 40]]
    np.testing.assert_allclose(Ink.of_images(shown).encode(shown), expected, atol=0.5)


def test_inverted_and_dimmed_images_drive_by_ink_as_plain_ones():
    plain = mnist_like()
    expected = Ink.of_images(plain).encode(plain)
    assert np.abs(expected - Ink.of_images(255 - plain).encode(255 - plain)).max() <= 1
    dimmed = plain // 4 * 4
    assert np.abs(Ink.of_images(dimmed // 4).encode(dimmed // 4) - Ink.of_images(dimmed).encode(dimmed)).max() <= 1


def dots(size, n=40, side=28):
    """Return round dots whose ink is a Gaussian of this standard deviation, in pixels."""
    places = np.random.default_rng(0).uniform(8, side - 9, (n, 2, 1))
    y, x = (np.exp(-((np.arange(side) - places[:, axis]) ** 2) / (2 * size**2)) for axis in (0, 1))
    return np.rint(250 * y[:, :, None] * x[:, None, :]).astype(np.uint8)


@pytest.mark.parametrize("size", [0.6, 0.8, 1.0])
def test_thin_strokes_are_spread_to_be_as_thick_as_those_of_mnist(size):
    # Dots correlate with themselves d pixels further by exp(-d**2 / (4 size**2)), so that l**2 = 2 size**2.
    spread = spread_of(dots(size), 0)
    assert spread == pytest.approx(np.sqrt(MNIST_LENGTH**2 / 2 - size**2), abs=0.06)
    assert spread_of(dots(np.hypot(size, spread)), 0) == 0
    assert spread_of(dots(2 * size, side=56), 0) == pytest.approx(2 * spread, abs=0.1)


def test_strokes_of_mnist_are_thick_enough_whatever_the_ground():
    digits = stdpnet.load_dataset("mnist-5k").train_images
    assert spread_of(digits, 0) == spread_of(255 - digits, 255) == spread_of(digits.repeat(2, 1).repeat(2, 2), 0) == 0


def test_spread_ink_is_that_of_a_gaussian_with_as_much_ink():
    shown = np.zeros((2, 28, 28), np.uint8)
    shown[0, 14, 14], shown[1, 14, :] = 200, 90
    drive = Ink.of_images(shown)
    line, spread = drive.encode(shown)[0].reshape(28, 28), drive.spread
    assert spread > 0.5
    assert line[14, 15] / line[14, 14] == pytest.approx(np.exp(-0.5 / spread**2), rel=0.01)
    assert line[15, 15] / line[14, 14] == pytest.approx(np.exp(-1 / spread**2), rel=0.02)
    flat = Ink.of_images(shown.reshape(2, -1))
    assert line.sum() == pytest.approx(flat.encode(shown.reshape(2, -1))[0].sum(), rel=0.001)


def test_a_checkpoint_from_before_strokes_were_spread_stays_as_it_was():
    arrays = Ink.of_images(dots(0.7)).arrays()
    del arrays["drive.spread"]
    assert drive_in(State(arrays)).spread == 0


def test_that_strokes_are_thin_is_said():
    assert "strokes are thin, and spread by 1" in choose_drive(dots(0.5))[1]
    assert "thin" not in choose_drive(255 - stdpnet.load_dataset("mnist-5k").train_images)[1]


def test_an_image_of_one_grey_level_drives_nothing():
    shown = np.array([[0] * 12, [200] * 12, [0] * 11 + [9]], np.uint8)
    assert Contrast.of_images(images(0)).encode(shown).any(axis=1).tolist() == [False, False, True]
    assert not Contrast.of_images(shown[:2]).encode(shown[:2]).any()


@pytest.mark.parametrize("kind", [Contrast, Ink])
def test_a_checkpoint_keeps_the_drive(kind):
    drive = kind.of_images(dots(0.7))
    kept = drive_in(State(drive.arrays()))
    np.testing.assert_array_equal(kept.encode(dots(1.0)), drive.encode(dots(1.0)))


def mnist_like(grey=33.3, black=0.81, pixels=784):
    """Return images with a mean grey level and a share of black pixels."""
    rng = np.random.default_rng(0)
    ink = rng.random((100, pixels)) >= black
    return np.uint8(np.clip(np.rint(ink * grey / (1 - black)), 0, 255))


DIFFERENT = {
    "inverted": (255 - mnist_like(), "mean grey level"),
    "dimmed": (mnist_like(grey=8), "mean grey level"),
    "twice the ink": (mnist_like(grey=73, black=0.5), "mean grey level"),
    "on grey ground": (np.maximum(mnist_like(33.3 - 20), 20), "share of black pixels 0"),
    "no black ground": (np.maximum(mnist_like(30), 3), "share of black pixels 0, not 0.7 to 0.9"),
    "8 x 8": (mnist_like(pixels=64), "number of pixels 64, not 600 to 1000"),
}


def test_mnist_is_like_mnist():
    assert like_mnist(stdpnet.load_dataset("mnist-5k").train_images) == ""
    assert like_mnist(mnist_like()) == ""


@pytest.mark.parametrize("shown, words", DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_not_like_mnist_is_said(shown, words):
    assert like_mnist(shown).startswith(words)


@pytest.mark.parametrize(
    "shown, expected",
    [
        (mnist_like(), "grey"),
        (255 - mnist_like(), "ink"),
        (mnist_like(grey=8), "ink"),
        (mnist_like(pixels=64), "ink"),
        (mnist_like(grey=73, black=0.5), "contrast"),
        (np.random.default_rng(0).integers(0, 256, (100, 784)).astype(np.uint8), "contrast"),
    ],
)
def test_images_with_a_ground_are_driven_by_their_ink(shown, expected):
    assert choose_drive(shown)[0] == expected


CONTRAST = {"drive": "contrast", "delays": False}


def test_before_the_images_decide_the_network_is_that_of_grey_levels():
    grey, undecided = tiny_config({"drive": "grey"}), tiny_config({"drive": "auto"})
    assert network_spec(undecided, 64, plastic=True) == network_spec(grey, 64, plastic=True)
    assert constants(undecided, 64, plastic=True) == constants(grey, 64, plastic=True)


@pytest.mark.parametrize("drive", ["ink", "contrast"])
def test_the_slowest_rate_is_that_of_the_units_of_the_drive(drive):
    tiny_config({"presentation": {"rate": 1e-4}})  # an interval of 2e7 steps; in 1 / 16 grey level of 3.2e8
    with pytest.raises(ConfigError, match=r"presentation.rate is 0.0001 Hz; expected above 0.00064 Hz"):
        tiny_config({"drive": drive, "presentation": {"rate": 1e-4}})


def test_constants_fit_the_number_of_inputs():
    config = tiny_config(CONTRAST)
    values = constants(config, 2 * 64, plastic=True)
    assert values["input_synapses.weight_unit"] == 784 / 128
    assert values["input_synapses.weight_total"] == weight_total(config, 128) == 78 * 128 / 784
    assert values["inputs.mean_interval"] == 16 * constants(tiny_config(), 64, plastic=True)["inputs.mean_interval"]


def test_a_spike_adds_its_weight_times_the_unit():
    # conductances that do not decay keep every spike of the inputs; thresholds that nobody reaches
    changes = {"excitatory": {"tau_ge": 1e9, "theta_initial": 1e5}, "presentation": {"fewest_spikes": 0}}
    config = tiny_config(SHORT, CONTRAST, changes)
    drive = Contrast.of_images(training_digits(60))
    state = initial_state(config, drive.n_inputs)
    batch, results = record(config, drive.encode(training_digits(1)), "numpy", state=state)
    spikes = np.bincount(results["inputs_spikes.i"], minlength=drive.n_inputs)
    assert spikes.sum() > 20
    weights = state.weights * (weight_total(config, 2 * N_INPUTS) / state.weights.sum(axis=0, dtype=float))
    expected = 784 / (2 * N_INPUTS) * (spikes @ weights)
    np.testing.assert_allclose(batch.state["excitatory.ge"], expected, rtol=1e-4)


def test_input_spikes_have_the_rates_of_the_drive():
    config = tiny_config(CONTRAST, {"presentation": {"fewest_spikes": 0, "window": 1000.0}})
    drive = Contrast.of_images(training_digits(60))
    shown = drive.encode(training_digits(1))
    _, results = record(config, shown, "numpy", state=initial_state(config, drive.n_inputs))
    counts = np.bincount(results["inputs_spikes.i"], minlength=drive.n_inputs)
    expected = shown[0] / 16 * 0.125 * 2 * 1  # grey levels, Hz for each of them, intensity, seconds
    assert expected.max() > 20
    assert np.all(np.abs(counts - expected) <= 5 * np.sqrt(expected) + 1)
    assert counts.sum() == pytest.approx(expected.sum(), abs=4 * np.sqrt(expected.sum()))


@pytest.fixture(scope="module")
def other_folder(tmp_path_factory):
    train, labels, test, test_labels = digits()
    return write_idx_folder(
        tmp_path_factory.mktemp("inverted") / "inverted", 255 - train, labels, 255 - test, test_labels
    )


def test_training_says_which_drive_it_takes_and_why(tmp_path, other_folder, tiny_toml, script):
    place = tmp_path / "run"
    arguments = ["--config", tiny_toml, "--drive", "auto", "--dataset", other_folder, "--out", place]
    done = script("runs/train.py", *arguments)
    assert done.returncode == 0, done.stderr
    said = (
        "drive = contrast, since number of pixels 64, not 600 to 1000 as in MNIST, and 53 % of the pixels are near one "
    )
    assert said in done.stderr
    folder = RunFolder(place)
    assert folder.config().drive == "contrast"
    assert folder.network().weights.shape == (128, 10)
    before = folder.evaluation()
    assert script("runs/evaluate.py", place).returncode == 0
    assert folder.evaluation() == before
    assert script("analysis/raster.py", place).returncode == 0
    again = script("runs/train.py", "--resume", "--epochs", 2, "--out", place)
    assert again.returncode == 0, again.stderr
    assert folder.network().presented == 120


def test_batches_decide_nothing_with_contrast_either(other_folder):
    dataset, weights = stdpnet.load_dataset(other_folder), {}
    for length in (7, 60):
        trained = stdpnet.train(tiny_config(CONTRAST, {"batch": length}), dataset, show_progress=False)
        weights[length] = trained.weights
    np.testing.assert_array_equal(weights[7], weights[60])


def test_fields_are_on_minus_off():
    weights = np.zeros((8, 1))
    weights[[0, 5]] = 1.0  # ON of the first pixel, OFF of the second
    picture = plot_receptive_fields(weights, (2, 2)).images[0].get_array()
    red, blue, white = picture[0, 0], picture[0, 1], picture[1, 0]
    assert red[0] > red[2] and blue[2] > blue[0] and white.min() > 0.9
