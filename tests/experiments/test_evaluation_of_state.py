"""An evaluation belongs to one state and configuration: it never passes for that of another one."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from fakeruns import write_run
from tiny import digits

from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.commands import train_command
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.request import Request, kept_request
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.experiments.sweeps.found_runs import find_runs
from stdpnet.experiments.sweeps.planned_run import PlannedRun
from stdpnet.plots import confusion, error_pairs, raster
from stdpnet.plots.receptive_fields import names_of


@pytest.fixture
def run(tmp_path, trained_run):
    return RunFolder(shutil.copytree(trained_run, tmp_path / "run"))


def other_state(run):
    """Let a run have learned something else from as many presentations."""
    state = run.checkpoint()
    state["excitatory.theta"] += np.float32(1e-3)
    run.write_checkpoint(state, run.config(), run.data_fingerprint())


def other_configuration(run):
    """Let a run be one of another configuration, with the same state."""
    state, show = run.checkpoint(), run.config().presentation
    config = replace(run.config(), presentation=replace(show, fewest_spikes=show.fewest_spikes + 1))
    files.write_text(run.config_file, config.to_json())
    run.write_checkpoint(state, config, run.data_fingerprint())


def test_an_evaluation_carries_the_digest_of_what_it_is_of(run):
    report, arrays = run.evaluation(), run.predictions()
    assert report["digest"] == str(arrays["digest"]) == run.digest()
    assert len(report["digest"]) == 64


@pytest.mark.parametrize("change", [other_state, other_configuration])
def test_an_evaluation_of_something_else_is_none(run, change):
    planned = PlannedRun(run.config(), run, 64, 60, 60, 30)
    assert planned.finished
    assert names_of(run, run.network())[0] is not None
    assert ", classified as" in raster.draw(run).axes[0].get_title()
    change(run)
    assert not planned.finished
    assert run.last_evaluation() is None and run.last_predictions() is None
    assert names_of(run, run.network())[0] is None
    assert ", classified as" not in raster.draw(run).axes[0].get_title()
    assert [found.status for found in find_runs([run.path])] == ["unfinished"]
    for draw in (confusion.draw, error_pairs.draw):
        with pytest.raises(
            RunFolderError, match="evaluation is of another state or configuration than it has now; run"
        ):
            draw(run)


def test_what_changes_no_number_leaves_the_evaluation_valid(run, digits_folder):
    config = replace(run.config(), batch=7, backend="numpy", dataset=f"{digits_folder}/")
    files.write_text(run.config_file, config.to_json())
    assert run.last_evaluation() == run.evaluation()


def test_an_evaluation_of_the_first_version_is_compared_by_presentations(tmp_path):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    assert "digest" not in folder.evaluation()
    assert folder.last_evaluation() and folder.last_predictions()
    state = folder.checkpoint() | {"presented": np.int64(3000)}
    files.write_arrays(folder.checkpoint_file, state)
    assert folder.last_evaluation() is None and folder.last_predictions() is None
    assert folder.evaluation()["presented"] == 2000  # a picture says of when it is
    folder.checkpoint_file.unlink()  # published without it
    assert folder.last_evaluation()


def test_a_network_that_another_process_trained_further_is_not_evaluated(run):
    trained = read_run(run)
    train(replace(run.config(), epochs=2), folder=run, resume=True, show_progress=False)
    with pytest.raises(RunFolderError, match="holds another state or configuration than this network: run stdpnet ev"):
        evaluate(trained, workers=1, show_progress=False)
    other = replace(read_run(run), config=replace(run.config(), seed=5))
    with pytest.raises(RunFolderError, match="holds another state or configuration"):
        evaluate(other, workers=1, show_progress=False)


def resumed(run, *arguments):
    """Resume a run; return its report, and whether it was evaluated anew."""
    before = run.evaluation_file.stat().st_mtime_ns
    train_command(["--resume", "--out", str(run.path), "--workers", "1", *arguments])
    return run.evaluation(), run.evaluation_file.stat().st_mtime_ns != before


def test_a_finished_run_is_evaluated_again_only_if_something_else_is_asked_for(run, capsys):
    report, again = resumed(run)
    assert not again and (report["n_label_images"], report["n_test_images"]) == (60, 30)
    assert f"test accuracy {100 * report['accuracy']:.2f} %" in capsys.readouterr().err
    report, again = resumed(run, "--test-images", "20")
    assert again and (report["n_label_images"], report["n_test_images"]) == (60, 20)
    report, again = resumed(run, "--label-images", "50")  # and still 20
    assert again and (report["n_label_images"], report["n_test_images"]) == (50, 20)
    report, again = resumed(run)
    assert not again
    report, again = resumed(run, "--epochs", "2")
    assert again and (report["n_label_images"], report["n_test_images"]) == (50, 20)
    other_state(run)
    train_command(["--resume", "--out", str(run.path), "--workers", "1"])
    assert run.evaluation()["digest"] == run.digest()


def test_a_run_stopped_before_its_evaluation_remembers_what_was_asked(tmp_path, tiny_toml, first_build):
    arguments = ["--config", str(tiny_toml), "--out", str(tmp_path / "run")]
    train_command([*arguments, "--no-evaluation", "--label-images", "40", "--test-images", "10"])
    folder = RunFolder(tmp_path / "run")
    assert kept_request(folder) == Request(40, 10)
    train_command(["--resume", "--out", str(folder.path), "--workers", "1"])
    assert [folder.evaluation()[name] for name in ("n_label_images", "n_test_images")] == [40, 10]


@pytest.mark.parametrize("asked", [[], {"label_images": 4}, {"label_images": 4, "test_images": "all"}])
def test_a_damaged_request(run, asked):
    files.write_json(run.environment_file, run.environment() | {"evaluation": asked})
    with pytest.raises(RunFolderError, match=r"environment\.json: "):
        kept_request(run)


def test_a_request_of_more_than_there_is():
    with pytest.raises(ConfigError, match="label-images is 61; expected 1 to 60"):
        Request(test_images=5).over(Request(label_images=61)).of(Dataset("mine", *digits()))
