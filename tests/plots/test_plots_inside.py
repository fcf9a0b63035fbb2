"""Figures that look inside: one presentation, the course of a training, windows of rules, responses."""

import itertools
import shutil
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image
from tiny import tiny_config

from analysis import run_analysis
from stdpnet import datasets
from stdpnet.base.errors import ConfigError
from stdpnet.experiments.stdp.inside.snapshots import read_snapshots
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.learning.presentation.recording import Recording
from stdpnet.plots.inside import embedding, emergence, presentation, prototypes, stdp_window
from stdpnet.rules import RULES


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def run(tmp_path_factory, trained_run):
    """Return an evaluated run, a copy to draw into."""
    return RunFolder(shutil.copytree(trained_run, tmp_path_factory.mktemp("inside") / "run"))


@pytest.fixture
def recording():
    """Return a recording of two neurons over three steps, made up."""
    spikes = {
        "inputs": (np.array([0.0]), np.array([3])),
        "excitatory": (np.array([0.0, 0.5, 0.5, 1.0, 9.0]), np.array([4, 7, 4, 2, 2])),
        "inhibitory": (np.array([1.0]), np.array([4])),
    }
    values = {
        "excitatory.v": np.array([[-65.0, -64], [-50, -60], [-65, -61]]),
        "excitatory.threshold": np.full((3, 2), -52.0),
        "excitatory.ge": np.array([[0.0, 1], [2, 3], [4, 5]]),
    }
    numbers = np.array([4, 7]), np.array([], int), np.array([0.0]), np.array([0]), np.array([0])
    return Recording(np.array([0, 0.5, 1]), values, dict.fromkeys(values, "mV"), spikes, *numbers, window=5.0)


def test_potential_and_threshold_are_drawn_with_the_spikes_of_the_neuron(recording):
    ax = presentation.plot_potential(recording, 0, plt.figure().gca())
    potential, threshold, spikes = (line.get_xydata() for line in ax.lines)
    np.testing.assert_array_equal(potential, [[0, -65], [0.5, -50], [1, -65]])
    np.testing.assert_array_equal(threshold[:, 1], -52)
    np.testing.assert_array_equal(spikes[:, 0], [0, 0.5])


def test_a_conductance_has_a_line_for_each_neuron(recording):
    ax = presentation.plot_conductance(recording, "ge", plt.figure().gca())
    assert [line.get_label() for line in ax.lines] == ["neuron 4", "neuron 7"]
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), [1, 3, 5])


def test_winners_are_counted_in_the_window(recording):
    neurons, spikes = presentation.winners(recording, 2)
    assert (neurons.tolist(), spikes.tolist()) == ([4, 2], [2, 1])  # the spike at 9 ms comes after it


def test_inside_shows_the_neurons_asked_for(run):
    figure = presentation.draw(run, 3, [8, 1])
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert labels[:3] == ["inputs", "neuron 8\nv (mV)", "neuron 1\nv (mV)"]
    assert figure.get_suptitle().startswith("test image 3, a ")
    with pytest.raises(ConfigError, match="--image is 30; expected 0 to 29"):
        presentation.draw(run, 30)


def test_the_window_is_broken_where_the_order_of_spikes_changes():
    delays = np.array([-2.0, -0.5, 0, 0.5])
    ax = stdp_window.plot_window(delays, {"a": np.array([1.0, 2, 3, 4])}, plt.figure().gca())
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [1, 2, np.nan, 3, 4])


def test_windows_of_rules_are_drawn_from_their_pairs(monkeypatch):
    asked = []

    def changes(rule, delays, weights=0.5, earlier=np.nan):
        asked.append(rule.name)
        found = np.broadcast_arrays(delays, weights, earlier)[0] * 1e-3
        return -found if rule.name == "triplet" else found  # as if a pair alone lowered a weight

    monkeypatch.setattr(stdp_window, "pair_changes", changes)
    figure = stdp_window.draw([RULES["triplet"], RULES["exponential"]])
    assert set(asked) == {"triplet", "exponential"}
    legends = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in figure.axes]
    assert legends[0] == ["10 ms earlier", "20 ms earlier", "40 ms earlier", "none"]
    assert legends[2] == ["w = 0.1", "w = 0.5", "w = 0.9"]


@pytest.fixture(scope="module")
def with_snapshots(tmp_path_factory, digits_folder, first_build):
    folder = RunFolder(tmp_path_factory.mktemp("emergence") / "run")
    config = tiny_config({"snapshots": 20})
    train(config, datasets.load_dataset(str(digits_folder)), folder=folder, show_progress=False)
    return folder


def test_emergence_is_an_animation_of_the_snapshots(with_snapshots):
    done = run_analysis("emergence", with_snapshots.path)
    assert done.returncode == 0, done.stderr
    picture = Image.open(Path(done.stdout.strip()))
    assert picture.format == "GIF"
    assert picture.info["loop"] == 0
    assert picture.n_frames == 4  # 0, 20, 40, 60 presentations: the last one stays
    frames = []
    for k in range(4):
        picture.seek(k)
        frames.append(np.asarray(picture.convert("RGB")).copy())
    assert all(np.any(one != other) for one, other in itertools.pairwise(frames))
    assert 2 < len(np.unique(np.reshape(frames, (-1, 3)), axis=0)) <= 32  # for small files
    assert picture.info["duration"] > 1500  # of the last frame


def test_every_frame_shows_the_weights_of_its_snapshot(with_snapshots):
    animation = emergence.draw(with_snapshots)
    (ax, *_) = animation._fig.axes
    last = list(read_snapshots(with_snapshots))[-1]
    animation._func(3)
    grid = np.asarray(ax.images[0].get_array())
    normalised = last.weights[:, 0] * 32 / last.weights[:, 0].sum()
    np.testing.assert_allclose(grid[:8, :8].ravel(), normalised, rtol=1e-5)
    assert ax.get_title().startswith("60 presentations, running accuracy ")


def test_a_gif_is_named_so(with_snapshots):
    done = run_analysis("emergence", with_snapshots.path, "--out", "fields.png")
    assert done.returncode == 2
    assert "--out is fields.png; expected a name that ends in .gif" in done.stderr


def test_the_winner_of_an_image_has_the_most_spikes():
    counts = np.array([[0, 3, 1], [2, 0, 2], [0, 0, 0]])
    assert prototypes.won_images(counts).tolist() == [1, 0, -1]


def test_prototypes_are_the_neurons_of_the_class(run):
    assignments = run.predictions()["assignments"]
    code = int(np.bincount(assignments[assignments >= 0]).argmax())
    figure = prototypes.draw(run, str(code), 30)
    drawn = [ax.get_ylabel() for ax in figure.axes if ax.get_ylabel()]
    assert {int(text.split()[1]) for text in drawn} == set(np.flatnonzero(assignments == code).tolist())
    with pytest.raises(ConfigError, match=r"--class is eleven; expected one of 0, 1, "):
        prototypes.draw(run, "eleven")


def test_images_of_another_class_are_framed():
    field, image = np.zeros((4, 5)), np.ones((4, 5))
    figure = prototypes.plot_prototypes([field], [[image, image]], ["neuron 3"], [[True, False]])
    framed = [ax.spines["left"].get_visible() for ax in figure.axes]
    assert framed == [False, False, True] + [False] * (prototypes.WON - 2)


def test_an_embedding_keeps_groups_apart():
    rng = np.random.default_rng(0)
    counts = np.concatenate([rng.poisson([9, 0, 0], (30, 3)), rng.poisson([0, 0, 9], (30, 3))])
    places = embedding.embed(counts)
    one, other = places[:30], places[30:]
    gap = np.linalg.norm(one[:, None] - other, axis=-1).min()
    nearest = [np.sort(np.linalg.norm(group[:, None] - group, axis=-1), axis=1)[:, 1].max() for group in (one, other)]
    assert gap > max(nearest)


def test_embedding_of_a_run_has_a_dot_for_each_image(run):
    figure = embedding.draw(run, 12)
    dots = np.concatenate([line.get_xydata() for line in figure.axes[0].lines])
    assert dots.shape == (12, 2)
    with pytest.raises(ConfigError, match="--images is 2; expected at least 3"):
        embedding.draw(run, 2)
