"""Figures of any data: many classes, signals, constant images, one batch, runs that stopped, data that is not MNIST."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fakeruns import write_run

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.experiments.sweeps.found_runs import find_runs
from stdpnet.plots import confusion, error_pairs, learning_curve
from stdpnet.plots.receptive_fields import plot_receptive_fields
from stdpnet.plots.sweeps import accuracy_vs_images, accuracy_vs_neurons


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def texts(figure):
    """Return all that is written in a figure but in its axes' ticks."""
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return [*legends, figure.get_supxlabel(), *(ax.get_title() for ax in figure.axes)]


@pytest.mark.parametrize("n, numbers", [(10, True), (26, True), (62, True), (256, False)])
def test_names_and_numbers_of_a_confusion_matrix_do_not_overlap(tmp_path, n, numbers):
    labels = np.repeat(np.arange(n), 4)
    folder = write_run(tmp_path / "run", accuracy=0.5)
    arrays = folder.predictions() | {
        "test_labels": labels,
        "predictions": labels,
        "class_names": np.arange(n).astype(str),
    }
    folder.predictions = lambda: arrays
    figure = confusion.draw(folder)
    figure.canvas.draw()
    ax = figure.axes[0]
    assert len(ax.texts) == n * numbers
    for axis, side in ((ax.xaxis, "x"), (ax.yaxis, "y")):
        boxes = [label.get_window_extent() for label in axis.get_ticklabels()]
        starts, ends = (
            np.sort([getattr(b, f"{side}0") for b in boxes]),
            np.sort([getattr(b, f"{side}1") for b in boxes]),
        )
        assert (starts[1:] >= ends[:-1]).all()
        assert len(boxes) > 60 or len(boxes) == n
        assert min(label.get_fontsize() for label in axis.get_ticklabels()) >= 6


def test_signals_are_curves():
    weights = np.zeros((12, 3))
    weights[[2, 5, 9], [0, 1, 2]] = 1  # neuron k is strongest at input 2, 5, 9
    ax = plot_receptive_fields(weights, (1, 12), np.array([4, NO_ANSWER, 0]), plt.figure().gca())
    curves = [line.get_xydata() for line in ax.lines]
    assert [int(curve[:, 1].argmin()) for curve in curves] == [9, 2, 5]  # of class 0, 4, and the one without a name
    assert [text.get_text() for text in ax.texts] == ["0", "4", "-"]
    assert ax.lines[2].get_color() != ax.lines[0].get_color()
    assert ax.get_title(loc="left") == "each curve: weight, from 0 to 1"
    for curve, (column, row) in zip(curves, ((0, 0), (1, 0), (0, 1)), strict=True):
        assert (curve // 40 == (column, row)).all()  # each within its cell


def test_images_stand_on_one_scale_of_grey_levels():
    images = np.stack([np.full((4, 4), level, np.uint8) for level in (0, 128, 255)])
    ax = error_pairs.plot_error_pairs([(4, 9, np.arange(3))], images, plt.figure().gca())
    assert [float(picture.norm(level)) for picture, level in zip(ax.images, (0, 128, 255), strict=True)] == [
        0,
        128 / 255,
        1,
    ]


def test_one_batch_is_drawn(tmp_path):
    write_run(tmp_path / "one", (np.nan,), accuracy=0.5)
    runs = find_runs([tmp_path])
    figure = learning_curve.draw(runs[0].folder)
    assert figure.axes[1].lines[0].get_xydata().tolist() == [[1000, 20]]
    assert "triplet, 4 neurons" in texts(accuracy_vs_images.draw(runs))


@pytest.fixture
def stopped(tmp_path):
    """Return two runs of photographs, the one of 16 neurons stopped after 3,000 of 12,000 presentations."""
    for neurons, planned in ((16, 12_000), (4, 3000)):
        folder = write_run(tmp_path / f"{neurons}", (0.3, 0.5, 0.6), accuracy=0.5, neurons=neurons, dataset="photos")
        folder.write_environment({"presentations": planned})
    return find_runs([tmp_path])


def test_a_run_that_stopped_early_is_marked(stopped):
    whole, early = stopped
    assert whole.folder.stopped_early() == ""
    assert early.folder.stopped_early() == "3,000 of 12,000 presentations"
    assert learning_curve.draw(early.folder).axes[0].get_title() == "stopped early, after 3,000 of 12,000 presentations"
    assert learning_curve.draw(whole.folder).axes[0].get_title() == ""
    figure = accuracy_vs_images.draw(stopped)
    assert texts(figure)[:2] == ["triplet, 4 neurons", "triplet, 16 neurons, stopped early"]
    crosses = [line.get_xydata().tolist() for line in figure.axes[0].lines if line.get_marker() == "x"]
    np.testing.assert_allclose(crosses, [[[3000, 100 * (0.3 + 0.5 + 0.6) / 3]]])
    below = accuracy_vs_neurons.draw(stopped).get_supxlabel()
    assert below.endswith("Stopped early: triplet, 16 neurons, seed 0, after 3,000 of 12,000 presentations.")


def test_how_far_a_resumed_run_was_to_go_is_what_it_said_last(stopped):
    folder = stopped[1].folder
    folder.write_environment({"presentations": 3000})
    assert folder.stopped_early() == ""


@pytest.mark.parametrize("draw", [accuracy_vs_images.draw, accuracy_vs_neurons.draw])
def test_the_paper_stands_beside_runs_of_mnist_only(tmp_path, stopped, draw):
    assert "paper" not in " ".join(texts(draw(stopped))) + " ".join(
        text.get_text() for text in draw(stopped).axes[0].texts
    )
    assert "Diehl" not in draw(stopped).get_supxlabel()
    write_run(tmp_path / "own" / "digits", accuracy=0.5)
    assert "Diehl" in draw(find_runs([tmp_path / "own"])).get_supxlabel()
