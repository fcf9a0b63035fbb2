"""The analysis scripts draw what is in the run folder."""

import shutil
import struct
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fakeruns import write_sweep

from analysis import run_analysis
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.found_runs import find_runs
from stdpnet.plots import confusion, error_pairs, histograms, learning_curve, raster
from stdpnet.plots.receptive_fields import plot_receptive_fields

OF_ONE_RUN = ["receptive_fields", "confusion", "error_pairs", "learning_curve", "raster", "histograms"]
OF_SWEEPS = ["accuracy_vs_neurons", "accuracy_vs_images", "receptive_fields_per_rule", "histograms", "sweep_overview"]


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def run_copy(tmp_path_factory, trained_run):
    return Path(shutil.copytree(trained_run, tmp_path_factory.mktemp("plots") / "run"))


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return write_sweep(tmp_path_factory.mktemp("sweep"))


def assert_writes_picture(name, folder):
    before = {path.name for path in folder.iterdir()}
    done = run_analysis(name, folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.strip() == str(folder / f"{name}.png")
    assert {path.name for path in folder.iterdir()} == before | {f"{name}.png"}
    content = (folder / f"{name}.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert 500 < width < 3000
    assert 500 < height < 3000
    pixels = plt.imread(folder / f"{name}.png")
    assert len(np.unique(pixels.reshape(-1, pixels.shape[-1]), axis=0)) > 10  # not an empty page


@pytest.mark.parametrize("name", OF_ONE_RUN)
def test_each_script_writes_its_picture_into_the_run_folder(run_copy, name):
    assert_writes_picture(name, run_copy)


@pytest.mark.parametrize("name", OF_SWEEPS)
def test_each_comparison_writes_its_picture_into_the_sweep_folder(sweep, name):
    assert_writes_picture(name, sweep)


def test_the_picture_can_go_elsewhere(script, sweep, tmp_path):
    done = script("analysis/accuracy_vs_images.py", sweep / "triplet_4_seed0", "--out", tmp_path / "new" / "a.svg")
    assert done.stdout.strip() == str(tmp_path / "new" / "a.svg")
    assert "<svg" in (tmp_path / "new" / "a.svg").read_text()


def cells(ax, n, shape):
    """Cut the picture of receptive fields into its cells: (n, height, width, 3)."""
    grid = np.asarray(ax.images[0].get_array())
    columns = grid.shape[1] // (shape[1] + 1)
    assert grid.shape[0] // (shape[0] + 1) * columns >= n
    rows = (divmod(place, columns) for place in range(n))
    corners = [(row * (shape[0] + 1), column * (shape[1] + 1)) for row, column in rows]
    return np.array([grid[y : y + shape[0], x : x + shape[1]] for y, x in corners])


def test_receptive_fields_have_a_cell_for_every_neuron_in_order_of_its_digit():
    shape, assignments = (4, 5), np.array([3, NO_ANSWER, 0, 3, 1])
    weights = np.zeros((20, 5))
    weights[np.arange(5) * 3, np.arange(5)] = 1  # neuron k has its one strong weight at pixel 3 k
    ax = plot_receptive_fields(weights, shape, assignments, plt.figure().gca())
    drawn = cells(ax, 5, shape)
    darkest = drawn.sum(axis=-1).reshape(5, 20).argmin(axis=1)
    np.testing.assert_array_equal(darkest, [6, 12, 0, 9, 3])  # neurons 2, 4, 0, 3, then the unassigned 1
    assert [text.get_text() for text in ax.texts] == ["0", "1", "3", "3", "-"]


def test_unassigned_neurons_are_grey_and_the_others_are_not():
    weights = np.random.default_rng(0).random((20, 3))
    ax = plot_receptive_fields(weights, (4, 5), np.array([NO_ANSWER, 2, 0]), plt.figure().gca())
    colourful = np.ptp(cells(ax, 3, (4, 5)), axis=-1).max(axis=(1, 2)) > 0.1
    np.testing.assert_array_equal(colourful, [True, True, False])


def test_receptive_fields_of_a_run_have_as_many_cells_as_neurons(trained_run):
    weights = RunFolder(trained_run).checkpoint()["input_synapses.w"]
    ax = plot_receptive_fields(weights, (8, 8), None, plt.figure().gca())
    drawn = cells(ax, 10, (8, 8))
    assert len({cell.tobytes() for cell in drawn}) == 10
    # the strongest weights are the darkest
    for cell, column in zip(drawn, weights.T, strict=True):
        assert cell.sum(axis=-1).ravel()[column.argmax()] == cell.sum(axis=-1).min()


def test_confusion_shows_the_shares_of_each_class():
    labels, predictions = np.array([0, 0, 0, 0, 7, 7]), np.array([0, 0, 0, 7, 7, NO_ANSWER])
    ax = confusion.plot_confusion(labels, predictions, plt.figure().gca())
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.75, 0.25, 0], [0, 0.5, 0.5]])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0", "7", "none"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["0", "7"]
    assert sorted(text.get_text() for text in ax.texts) == ["25", "50", "50", "75"]


def test_common_pairs_by_hand():
    labels = np.array([4, 4, 4, 9, 9, 7, 1, 1])
    predictions = np.array([9, 9, 4, 4, 9, NO_ANSWER, 2, 2])
    found = [(true, said, which.tolist()) for true, said, which in error_pairs.common_pairs(labels, predictions)]
    assert found == [(1, 2, [6, 7]), (4, 9, [0, 1]), (7, NO_ANSWER, [5]), (9, 4, [3])]
    assert len(error_pairs.common_pairs(labels, predictions, n=2)) == 2
    assert error_pairs.common_pairs(labels, labels) == []


def test_error_pairs_show_the_images_that_caused_them():
    images = np.random.default_rng(0).integers(0, 256, (9, 4, 5), dtype=np.uint8)
    pairs = [(4, 9, np.array([2, 7, 8])), (7, NO_ANSWER, np.array([5]))]
    ax = error_pairs.plot_error_pairs(pairs, images, plt.figure().gca())
    assert [text.get_text() for text in ax.get_yticklabels()] == ["4 → 9", "7 → none"]
    for picture, number in zip(ax.images, [2, 7, 8, 5], strict=True):
        np.testing.assert_array_equal(picture.get_array(), images[number])
    widths = [patch.get_width() for patch in ax.patches]
    assert widths[0] == pytest.approx(3 * widths[1])
    assert {"3", "1"} <= {text.get_text() for text in ax.texts}


def test_histograms_show_shares_over_common_bins():
    one, other = np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.5, 2.0])
    ax = histograms.plot_histogram([(one, {}), (other, {})], plt.figure().gca())
    first, second = (patch.get_data() for patch in ax.patches)
    np.testing.assert_array_equal(first.edges, second.edges)
    assert (first.edges[0], first.edges[-1]) == (0, 2)
    assert (first.values[0], first.values[25], first.values.sum()) == (75, 25, 100)
    assert (second.values[12], second.values[-1]) == (50, 50)


def test_histograms_of_a_run_are_those_of_its_checkpoint(sweep):
    figure = histograms.draw(find_runs([sweep / "triplet_4_seed0"]))
    weights = RunFolder(sweep / "triplet_4_seed0").checkpoint()["input_synapses.w"]
    assert [ax.get_xlabel() for ax in figure.axes] == ["weight", "theta (mV)", "spikes of a neuron per test image"]
    edges = [ax.patches[0].get_data().edges for ax in figure.axes]
    expected = [(weights.min(), weights.max()), (30, 33), (0, 1.5)]
    np.testing.assert_allclose([(e[0], e[-1]) for e in edges], expected, rtol=1e-6)


def test_learning_curve_shows_the_metrics(trained_run):
    rows = RunFolder(trained_run).metrics()
    figure = learning_curve.draw(RunFolder(trained_run))
    lines = [ax.lines[0].get_xydata() for ax in figure.axes]
    shown = {"running_accuracy": 100, "spikes_per_image": 1, "theta_mean_mV": 1}
    for line, (name, factor) in zip(lines, shown.items(), strict=True):
        np.testing.assert_array_equal(line[:, 0], [20, 40, 60])
        np.testing.assert_array_equal(line[:, 1], [factor * row[name] for row in rows])


def test_raster_shows_every_spike():
    times, neurons = np.array([1.0, 20, 300]), np.array([4, 0, 2])
    ax = raster.plot_raster(times, neurons, 5, plt.figure().gca())
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[1, 4], [20, 0], [300, 2]])
    assert ax.get_ylim() == (-0.5, 4.5)
