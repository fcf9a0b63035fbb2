"""Wrong flags, configuration files and rule files of a training: one line says what is wrong, nothing is written."""

import pytest
from refusal import assert_one_line, content

from stdpnet.base.errors import SimulationError
from stdpnet.commands import train_command

WRONG_ARGUMENTS = {
    "unknown rule": (["--rule", "tripel"], "unknown rule 'tripel' (did you mean 'triplet'?): expected exponential, "),
    "rule file missing": (["--rule", "nowhere.toml"], "no rule file 'nowhere.toml'"),
    "no neurons": (["--neurons", "0"], "neurons is 0; expected a finite number of at least 1"),
    "negative seed": (["--seed", "-1"], "seed is -1; expected a finite number of at least 0"),
    "seed too large": (["--seed", str(2**31)], "expected less than 2**31"),
    "no epochs": (["--epochs", "0"], "epochs is 0"),
    "batch too long": (["--batch", "1001"], "batch is 1001; expected at most 1000"),
    "not a number": (["--excitatory-tau-m", "nan"], "excitatory.tau_m is nan ms; expected a finite number"),
    "not a number, without bounds": (["--excitatory-v-rest", "nan"], "excitatory.v_rest is nan mV; expected a finite"),
    "rest shorter than delays": (["--presentation-rest", "5"], "presentation.rest is 5.0 ms; expected at least"),
    "rate too high": (["--presentation-rate", "3"], "presentation.rate is 3.0 Hz; expected below 2 Hz"),
    "unknown constant": (["--constant", "eta=1"], "rule 'triplet' has no constant 'eta'"),
    "constant without value": (["--constant", "eta_plus"], "--constant is 'eta_plus'; expected NAME=VALUE"),
    "constant of text": (["--constant", "eta_plus=a"], "--constant is 'eta_plus=a'; expected NAME=VALUE"),
    "constant not finite": (["--constant", "eta_plus=nan"], "eta_plus"),
    "time constant of nothing": (["--constant", "tau_x=0"], "constant 'tau_x' of rule 'triplet' is 0.0; expected a"),
    "too many neurons": (["--neurons", str(2**31)], "neurons is 2147483648; expected less than 2**31"),
    "too intense": (["--presentation-intensity", "9000000"], "presentation.intensity is 9000000 and presentation.rep"),
    "unknown backend": (["--backend", "fortran"], "unknown backend 'fortran': expected one of auto, cpp"),
    "too many images": (["--images", "61"], "images is 61; expected at most 60, the training images of digits8x8"),
    "too many label images": (["--label-images", "61"], "label-images is 61; expected 1 to 60"),
    "too many test images": (["--test-images", "31"], "test-images is 31; expected 1 to 30"),
    "no workers": (["--workers", "0"], "workers is 0"),
    "unknown data set": (
        ["--dataset", "mnits"],
        "no data set 'mnits' (did you mean 'mnist'?): expected mnist-5k, mnist, cifar10, or the path",
    ),
    "data folder without files": (["--dataset", "."], "expected one of: an archive of arrays (.npz"),
    "configuration missing": (["--config", "nowhere.toml"], "cannot read the configuration file nowhere.toml"),
}


@pytest.mark.parametrize("arguments, message", WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS)
def test_wrong_arguments_of_training(tmp_path, script, tiny_toml, arguments, message):
    first = [] if "--config" in arguments else ["--config", tiny_toml]
    done = script("runs/train.py", *first, *arguments, "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert list(tmp_path.iterdir()) == []


WRONG_TOML = {
    "unknown key": ("neuron = 5", "unknown parameter neuron (did you mean 'neurons'?): expected one of backend"),
    "unknown key in a table": (
        "[excitatory]\ntau = 5",
        "unknown parameter excitatory.tau (did you mean 'tau_",
    ),
    "no table": ("excitatory = 5", "excitatory is 5; expected a table"),
    "text for a number": ('neurons = "ten"', "neurons is 'ten'; expected int"),
    "truth for a number": ("neurons = true", "neurons is True; expected int"),
    "fraction for a count": ("neurons = 1.5", "neurons is 1.5; expected int"),
    "text for a constant": ('[constants]\neta_plus = "much"', "eta_plus"),
    "not TOML": ("neurons: 5", "cannot read the configuration file"),
}


@pytest.mark.parametrize("text, message", WRONG_TOML.values(), ids=WRONG_TOML)
def test_wrong_configuration_files(tmp_path, script, text, message):
    (tmp_path / "wrong.toml").write_text(text)
    done = script("runs/train.py", "--config", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


WRONG_RULES = {
    "unknown field": ('on_spike = "w += 1"', "a rule has no field 'on_spike'"),
    "constant of text": ('[constants]\na = "x"', "constant 'a' of rule 'wrong' is 'x'; expected a number"),
    "constants are no table": ("constants = 3", "constants"),
    "time constant of nothing": ('[constants]\na = {value = 0, unit = "ms"}', "not 0 if it is a time"),
    "unknown unit": ('on_post = "w += a"\n[constants]\na = {value = 1, unit = "furlong"}', "unit 'furlong'"),
    "statement is a number": ("on_post = 3", "on_post"),
    "not TOML": ("on_post: 3", "cannot read the rule file"),
}


@pytest.mark.parametrize("text, message", WRONG_RULES.values(), ids=WRONG_RULES)
def test_wrong_rule_files(tmp_path, script, tiny_toml, text, message):
    (tmp_path / "wrong.toml").write_text(text)
    done = script("runs/train.py", "--config", tiny_toml, "--rule", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert_one_line(done, message)
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_a_rule_with_an_unknown_name(tmp_path, script, tiny_toml):
    (tmp_path / "wrong.toml").write_text('on_post = "w += no_such_thing"')
    done = script("runs/train.py", "--config", tiny_toml, "--rule", "wrong.toml", "--out", "run", cwd=tmp_path)
    assert done.returncode == 2
    assert "no_such_thing" in done.stderr
    assert "Traceback" not in done.stderr
    # a configuration left here would make the corrected rule look like another run
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_a_learning_rate_that_the_rule_does_not_have(tmp_path, script, toml_of_any_rule):
    (tmp_path / "rule.toml").write_text('on_post = "w += a"\n[constants]\na = 0.1')
    flags = ["--rule", "rule.toml", "--schedule-learning-rate-half-life", 5]
    done = script("runs/train.py", "--config", toml_of_any_rule, *flags, "--out", "run", cwd=tmp_path)
    assert_one_line(done, "schedule.learning_rate_half_life is 5.0, and rule 'rule' has no learning rate")


def test_a_folder_that_cannot_be_written(tmp_path, script, tiny_toml):
    # below a regular file, since permission bits do not stop root
    (tmp_path / "file").write_text("kept")
    done = script("runs/train.py", "--config", tiny_toml, "--out", tmp_path / "file" / "run")
    assert_one_line(done, f"cannot write to {tmp_path / 'file' / 'run'}")
    assert content(tmp_path) == {tmp_path / "file": b"kept"}


def test_resuming_needs_a_folder(script, tmp_path):
    assert_one_line(script("runs/train.py", "--resume", cwd=tmp_path), "--resume needs --out FOLDER")


def test_outside_of_cpp_a_network_is_assembled_once(monkeypatch, tmp_path, tiny_toml):
    assembled = []

    def stop(spec, target):
        assembled.append((spec.plastic, target))
        raise SimulationError("stop here")

    monkeypatch.setattr("stdpnet.simulation.runtime.RuntimeSimulator", stop)
    with pytest.raises(SimulationError, match="stop here"):
        train_command(["--config", str(tiny_toml), "--backend", "numpy", "--out", str(tmp_path / "run")])
    assert assembled == [(True, "numpy")]
    assert (tmp_path / "run" / "config.json").exists()  # so this was the training, not a check before it
