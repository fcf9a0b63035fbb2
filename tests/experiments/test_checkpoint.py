"""What a checkpoint refuses: flipped bits, values that training cannot bring about, another run's configuration."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from refusal import assert_one_line, content
from tiny import tiny_config

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.base.parameters import merged
from stdpnet.experiments.stdp.evaluation import evaluate
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.seal import check_values, sealed, unsealed
from stdpnet.experiments.stdp.train import train
from stdpnet.experiments.stdp.trained import read_run
from stdpnet.learning.state import initial_state
from stdpnet.rules import RULES


@pytest.fixture
def run(tmp_path, trained_run):
    return RunFolder(shutil.copytree(trained_run, tmp_path / "run"))


def with_value(name, value):
    """Return a change of the first value of an array."""

    def change(arrays):
        arrays[name] = arrays[name].copy()
        arrays[name].flat[0] = value

    return change


def flip_a_bit(arrays):
    arrays["input_synapses.w"].view(np.uint32)[20, 3] ^= 1


CHANGED = {
    "a flipped weight": flip_a_bit,
    "another name": lambda arrays: arrays.update({"inputs.z": arrays.pop("inputs.x")}),
    "another shape": lambda arrays: arrays.update({"excitatory.v": arrays["excitatory.v"].reshape(5, 2)}),
    "another type": lambda arrays: arrays.update({"presented": arrays["presented"].astype(np.int32)}),
    "another identity": lambda arrays: arrays.update({"identity": np.array("{}")}),
    "no identity": lambda arrays: arrays.pop("identity"),
    "no checksum": lambda arrays: arrays.pop("checksum"),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_changed_array_is_found(run, change):
    arrays = files.read_arrays(run.checkpoint_file)
    change(arrays)
    files.write_arrays(run.checkpoint_file, arrays)
    for read in (run.checkpoint, run.network, lambda: read_run(run)):
        with pytest.raises(RunFolderError, match=r"checkpoint\.npz: the checksum of its arrays is \w{12}, expected "):
            read()


IMPOSSIBLE = {
    "not a number": (with_value("input_synapses.w", np.nan), "input_synapses.w has 1 values that are not finite"),
    "infinite": (with_value("excitatory.theta", np.inf), "excitatory.theta has 1 values that are not finite"),
    "negative weight": (with_value("input_synapses.w", -0.25), "input_synapses.w goes from -0.25 to "),
    "great weight": (with_value("input_synapses.w", 40), "input_synapses.w goes from .* to 40, expected 0 to 32;"),
    "negative number": (with_value("presented", -40), "presented is -40, expected at least 0"),
    "more than the run has": (with_value("presented", 61), "presented is 61, expected at most 60"),
    "negative delay": (
        with_value("input_synapses.delay_steps", -1),
        "input_synapses.delay_steps goes from -1 to 19, expected 0 to 19",
    ),
    "great delay": (
        with_value("input_synapses.delay_steps", 20),
        "input_synapses.delay_steps goes from 0 to 20, expected 0 to 19",
    ),
    "text": (lambda state: state.update({"inputs.x": np.array(["a"])}), "inputs.x is of type <U1, expected numbers"),
}


@pytest.mark.parametrize("form", ["of version 0.1", "with a checksum"])
@pytest.mark.parametrize("change, message", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_values_that_training_cannot_bring_about(run, change, message, form):
    state, config, data = run.checkpoint(), run.config(), run.data_fingerprint()
    change(state)
    files.write_arrays(run.checkpoint_file, state if form == "of version 0.1" else sealed(state, config, data))
    with pytest.raises(RunFolderError, match=rf"checkpoint\.npz: {message}"):
        evaluate(run, workers=1, show_progress=False)
    if "at most 60" not in message:
        with pytest.raises(RunFolderError, match=message):
            run.network()
    if "at most 60" in message:
        message = "already holds 61 presentations, more than the 60 asked for"
    with pytest.raises(RunFolderError, match=message):
        train(folder=run, resume=True, show_progress=False)


OTHER_RULE = RULES["triplet"].to_dict() | {"name": "mine", "on_pre": "w = clip(w - 2 * eta_minus * y1_post, 0, w_max)"}
OTHER_CONFIGURATIONS = {
    "seed": ({"seed": 7}, "trained with seed 0, but config.json beside it says 7"),
    "rule": ({"rule": "power-law", "constants": {}}, "trained with rule 'triplet', but .* says 'power-law'"),
    "text of a rule": ({"rule": "mine", "custom_rule": OTHER_RULE}, "trained with rule 'triplet', but .* says 'mine'"),
    "images": ({"images": 30}, "trained with images 0, but config.json beside it says 30"),
    "constant of the rule": ({"constants": {"eta_plus": 0.5}}, "trained with constants.eta_plus .* says 0.5"),
    "neurons": ({"neurons": 11}, "trained with neurons 10, but config.json beside it says 11"),
}


@pytest.mark.parametrize("changes, message", OTHER_CONFIGURATIONS.values(), ids=OTHER_CONFIGURATIONS)
def test_a_configuration_that_was_changed_is_refused(run, changes, message):
    stored = files.read_json(run.config_file)
    files.write_json(run.config_file, stored | changes if "rule" in changes else merged(stored, changes))
    before = content(run.path)
    for use in (run.network, run.evaluation, lambda: evaluate(run, show_progress=False)):
        with pytest.raises(RunFolderError, match=rf"checkpoint\.npz: {message}"):
            use()
    with pytest.raises(RunFolderError, match=rf"checkpoint\.npz: {message}"):
        train(replace(run.config(), epochs=2), folder=run, resume=True, show_progress=False)
    assert content(run.path) == before


def test_the_command_says_it_in_one_line(run, script):
    arrays = files.read_arrays(run.checkpoint_file)
    flip_a_bit(arrays)
    files.write_arrays(run.checkpoint_file, arrays)
    before = content(run.path)
    for command in (["runs/train.py", "--resume", "--epochs", 2, "--out"], ["runs/evaluate.py"]):
        assert_one_line(script(*command, run.path), "checkpoint.npz: the checksum of its arrays is ")
    assert content(run.path) == before


def test_the_data_of_a_run_stand_in_its_checkpoint_too(run):
    environment, data = run.environment(), run.data_fingerprint()
    files.write_json(run.environment_file, environment | {"data_fingerprint": "0" * 64})
    with pytest.raises(
        RunFolderError, match=f"trained on data of fingerprint {data[:12]}, but environment.json .* 0000"
    ):
        run.checkpoint()
    run.environment_file.unlink()
    assert run.data_fingerprint() == data
    assert run.checkpoint().presented == 60


def test_a_rule_of_ones_own_may_know_no_bounds():
    own = replace(RULES["triplet"], name="mine", on_pre="w = w - eta_minus * y1_post")
    for rule, refused in ((own, False), ("triplet", True)):
        config = tiny_config({"rule": rule, "constants": {}} if rule == "triplet" else {"custom_rule": own.to_dict()})
        state = initial_state(config, 64)
        with_value("input_synapses.w", -0.5)(state)
        if refused:
            with pytest.raises(RunFolderError, match=r"goes from -0\.5"):
                check_values(state, config, "checkpoint.npz")
        else:
            check_values(state, config, "checkpoint.npz")


def test_what_is_sealed_comes_back(run):
    state = run.checkpoint()
    back, identity = unsealed(sealed(state, run.config(), "data"), run.checkpoint_file)
    assert list(back) == list(state)
    assert identity["data"] == "data" and identity["settings"]["seed"] == 0
    assert unsealed(state, run.checkpoint_file) == (dict(state), {})
