"""Figures that compare runs: which runs they find, how they group them, and the numbers they show."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fakeruns import write_run, write_sweep

from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.sweeps.found_runs import find_runs, finished
from stdpnet.experiments.sweeps.seeds import by_rule_and_neurons, by_settings
from stdpnet.plots.style import RULE_STYLES, rule_styles
from stdpnet.plots.sweeps import (
    accuracy_vs_images,
    accuracy_vs_neurons,
    paper,
    receptive_fields_per_rule,
    sweep_overview,
)
from stdpnet.plots.sweeps.accuracy_vs_neurons import trained_on
from stdpnet.rules import RULES


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return write_sweep(tmp_path_factory.mktemp("sweep"))


def test_runs_are_found_in_folders_and_by_themselves(sweep):
    found = {(run.rule, run.neurons, run.seed): run.status for run in find_runs([sweep, sweep / "triplet_4_seed0"])}
    assert list(found.items()) == [
        (("power-law", 4, 0), "finished"),
        (("power-law", 4, 1), "finished"),
        (("power-law", 16, 0), "failed"),
        (("triplet", 4, 0), "finished"),
        (("triplet", 4, 1), "finished"),
        (("triplet", 16, 0), "finished"),
        (("triplet", 16, 1), "unfinished"),
    ]


def test_a_run_trained_further_than_it_was_evaluated_is_not_finished(tmp_path):
    folder = write_run(tmp_path / "run", (0.3, 0.6), accuracy=0.5)
    rows = folder.metrics()
    folder.write_metrics([*rows, rows[-1] | {"presented": 3000}])
    assert [run.status for run in find_runs([tmp_path])] == ["unfinished"]
    with pytest.raises(RunFolderError, match=r"run: not evaluated yet; run stdpnet evaluate"):
        finished(find_runs([tmp_path]))


def test_a_folder_without_runs(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(RunFolderError, match=f"{folder}: expected a run folder made by stdpnet train, or a folder"):
            find_runs([folder])


def test_seeds_are_grouped_whatever_the_batches(tmp_path):
    write_run(tmp_path / "a", accuracy=0.5, seed=0, batch=500)
    write_run(tmp_path / "b", accuracy=0.5, seed=1)
    groups = by_rule_and_neurons(find_runs([tmp_path]))
    assert [[run.seed for run in group] for group in groups.values()] == [[0, 1]]


def test_runs_of_other_settings_are_no_seeds(tmp_path):
    write_run(tmp_path / "a", accuracy=0.5, seed=0)
    write_run(tmp_path / "b", accuracy=0.5, seed=1, constants={"eta_plus": 0.5})
    with pytest.raises(
        RunFolderError, match=r"both have rule triplet and 4 neurons, but constants.eta_plus is 0.014 in one"
    ):
        by_rule_and_neurons(find_runs([tmp_path]))
    write_run(tmp_path / "c", accuracy=0.5, seed=2, epochs=7)
    labels = list(by_settings(find_runs([tmp_path / "a", tmp_path / "c"])))
    assert labels == ["triplet, 4 neurons, epochs 3", "triplet, 4 neurons, epochs 7"]


def test_a_run_and_its_copy_are_no_two_seeds(tmp_path):
    for name in "ab":
        write_run(tmp_path / name, accuracy=0.5)
    with pytest.raises(RunFolderError, match=r"a and .*b are the same run, rule triplet, 4 neurons, seed 0"):
        by_settings(find_runs([tmp_path]))


def test_every_rule_has_its_own_colour_and_marker():
    assert set(RULE_STYLES) == set(RULES) == set(paper.ACCURACY)
    styles = rule_styles(["mine", "triplet", "another", *RULE_STYLES])
    assert len(set(styles.values())) == 6
    assert styles["triplet"] == rule_styles(["triplet"])["triplet"]


def test_accuracy_against_neurons_shows_mean_and_sd_of_the_seeds():
    values = {("triplet", 100): [80, 82, 87], ("triplet", 400): [90], ("power-law", 100): [70, 71]}
    ax = accuracy_vs_neurons.plot_against_neurons(values, plt.figure().gca(), ticks=(1600,))
    line, _, bars = ax.containers[1]
    assert ax.containers[1].get_label() == "triplet"
    np.testing.assert_array_equal(line.get_ydata(), [83, 90])
    np.testing.assert_allclose(line.get_xdata(), [100, 400], rtol=0.1)  # beside the other rule
    assert ax.containers[0][0].get_xdata()[0] < line.get_xdata()[0]
    ends = [segment[:, 1] for segment in bars[0].get_segments()]
    np.testing.assert_allclose(ends, [[83 - np.sqrt(13), 83 + np.sqrt(13)], [90, 90]])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["100", "400", "1,600"]


def test_the_paper_stands_beside_our_points(sweep):
    figure = accuracy_vs_neurons.draw(find_runs([sweep]))
    (ax,) = figure.axes
    ours = {container.get_label(): container[0].get_ydata() for container in ax.containers}
    np.testing.assert_allclose(ours["power-law"], [71])
    np.testing.assert_allclose(ours["triplet"], [81, 85])
    open_lines = [line.get_ydata() for line in ax.lines if line.get_markerfacecolor() == "white"]
    np.testing.assert_array_equal(open_lines, [paper.ACCURACY["power-law"], paper.ACCURACY["triplet"]])
    assert "doi:10.3389/fncom.2015.00099, CC BY, Fig. 2B" in figure.get_supxlabel()
    assert "1 to 2 seeds" in figure.get_supxlabel()


def test_the_papers_numbers_are_those_of_its_results():
    # what the abstract and the text say: 95 % with 6,400 neurons, and 82.9 % with 100
    assert paper.NEURONS == (100, 400, 1600, 6400)
    assert max(row[-1] for row in paper.ACCURACY.values()) == 95.0
    assert max(row[0] for row in paper.ACCURACY.values()) == 82.9
    assert list(paper.RUNNING_ACCURACY.values()) == sorted(paper.RUNNING_ACCURACY.values())


def test_running_accuracy_is_averaged_where_all_seeds_have_it():
    shown = np.array([1000, 2000, 3000])
    curves = [(shown, np.array([np.nan, 0.5, 0.7])), (shown[:2], np.array([0.1, 0.3]))]
    ax = accuracy_vs_images.plot_running_accuracy(curves, plt.figure().gca())
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[2000, 40]])
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose([band.min(), band.max()], [40 - np.sqrt(200), 40 + np.sqrt(200)])


def test_running_accuracy_is_that_of_the_last_images():
    shown, accuracy = np.array([10, 20, 40, 50]), np.array([np.nan, 0.5, 0.8, 0.2])
    np.testing.assert_allclose(accuracy_vs_images.over_last(shown, accuracy, 1), accuracy)
    # the last 30: batches 1 and 2, batches 2 and 3, batches 3 and 4; by their lengths of 10, 20 and 10 images
    expected = [np.nan, 0.5, (0.5 * 10 + 0.8 * 20) / 30, (0.8 * 20 + 0.2 * 10) / 30]
    np.testing.assert_allclose(accuracy_vs_images.over_last(shown, accuracy, 30), expected)


def test_accuracy_against_images_has_a_line_for_each_configuration(sweep):
    (ax,) = accuracy_vs_images.draw(find_runs([sweep])).axes
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    np.testing.assert_allclose(lines["triplet, 4 neurons (2 seeds)"], [[1000, 30], [2000, 47.5]])
    np.testing.assert_allclose(lines["triplet, 16 neurons (2 seeds)"], [[1000, 30], [2000, 47.5]])  # one still trains
    assert lines["paper, 1,600 neurons"].tolist()[0] == [10_000, 82]
    colours = {line.get_label(): line.get_color() for line in ax.lines}
    assert (
        colours["triplet, 4 neurons (2 seeds)"] == colours["triplet, 16 neurons (2 seeds)"] == RULE_STYLES["triplet"][0]
    )


def test_the_overview_says_which_runs_are_missing(sweep):
    rules, neurons, texts, complete = sweep_overview.status_table(find_runs([sweep]))
    assert (rules, neurons) == (["power-law", "triplet"], [4, 16])
    assert texts == {
        ("power-law", 4): "2 of 2",
        ("power-law", 16): "0 of 2\nseed 0 failed\nseed 1 missing",
        ("triplet", 4): "2 of 2",
        ("triplet", 16): "1 of 2\nseed 1 unfinished",
    }
    assert complete == {key: text == "2 of 2" for key, text in texts.items()}


def test_the_overview_shows_the_last_row_of_the_metrics(sweep):
    figure = sweep_overview.draw(find_runs([sweep]))
    shown = {ax.get_ylabel(): ax.containers[1][0].get_ydata() for ax in figure.axes[:4]}  # the triplet rule
    np.testing.assert_allclose(shown["accuracy on test images (%)"], [81, 85])
    np.testing.assert_allclose(shown["spikes per training image"], [20.5, 20])
    np.testing.assert_allclose(shown["theta, mean of the neurons (mV)"], [31, 31])
    np.testing.assert_allclose(shown["silent neurons in the last batch (%)"], [25, 25])


def test_receptive_fields_are_compared_at_the_size_and_seed_of_most_rules(sweep):
    runs = find_runs([sweep])

    def chosen(**wanted):
        return {rule: (c.neurons, c.seed) for rule, c in receptive_fields_per_rule.choose(runs, **wanted).items()}

    assert chosen() == {"power-law": (4, 0), "triplet": (4, 0)}
    assert chosen(seed=1) == {"power-law": (4, 1), "triplet": (4, 1)}
    assert chosen(neurons=16) == {"triplet": (16, 0)}
    with pytest.raises(RunFolderError, match="--neurons 16 and --seed 1; expected neurons and seed among 4 and 0, 4"):
        chosen(neurons=16, seed=1)
    figure = receptive_fields_per_rule.draw(runs)
    titles = [ax.get_title() for ax in figure.axes if ax.get_title()]
    assert titles == ["power-law: 70.0 %", "triplet: 80.0 %"]


@pytest.mark.parametrize("seeds, below", [(1, "one run each."), (2, "2 seeds each.")])
def test_one_run_is_not_called_seeds(tmp_path, seeds, below):
    for seed in range(seeds):
        write_run(tmp_path / f"run{seed}", accuracy=0.5, seed=seed)
    figure = accuracy_vs_neurons.draw(find_runs([tmp_path]))
    legends = [text.get_text() for text in figure.legends[0].get_texts()]
    assert sum(text.startswith("these runs") for text in legends) == 1
    assert ("mean ± sd" in "".join(legends)) == (seeds > 1)
    assert below in trained_on(by_rule_and_neurons(find_runs([tmp_path])))
