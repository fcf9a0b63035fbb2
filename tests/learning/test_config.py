"""Parameters: help, files and flags, and their way into a run folder and back."""

import argparse
import json
import re
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import ROOT, tiny_config

from stdpnet.commands.flags import add_config_arguments, config_from
from stdpnet.learning.config import GROUPS, Config, from_dict, from_stored
from stdpnet.learning.presets import preset

SCRIPTS = sorted(
    str(path.relative_to(ROOT)) for folder in ("runs", "analysis") for path in (ROOT / folder).glob("*.py")
)


def test_all_scripts_are_known():
    assert {"runs/train.py", "runs/evaluate.py", "analysis/raster.py"} <= set(SCRIPTS)
    assert len(SCRIPTS) >= 6


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_of_every_script(script, name):
    done = script(name, "--help")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "usage:" in done.stdout
    if name.startswith("analysis/"):
        assert "--show" in done.stdout


def test_help_of_training_names_unit_and_default_of_every_parameter(script):
    text = " ".join(script("runs/train.py", "--help").stdout.split())
    for prefix, kind in [("", Config), *((f"{name}-", kind) for name, kind in GROUPS.items())]:
        for item in fields(kind):
            if "about" not in item.metadata:  # a group, or a table of a user's own
                continue
            flag = f"--{prefix}{item.name}".replace("_", "-")
            abouts = re.findall(f"{flag}(?:, --no\\S+| [A-Z]+) (.*?)(?: --|$)", text)
            default = {True: "on", False: "off"}[item.default] if item.type is bool else item.default
            unit = f"{item.metadata['unit']}, " if item.metadata["unit"] else ""
            assert any(f"({unit}default {default}" in about for about in abouts), flag


@pytest.mark.parametrize("name, defaults", [("runs/evaluate.py", 4), ("analysis/raster.py", 1)])
def test_help_names_the_other_defaults(script, name, defaults):
    assert script(name, "--help").stdout.replace("\n", " ").count("(default:") == defaults


def parsed(*arguments):
    parser = argparse.ArgumentParser()
    add_config_arguments(parser)
    return config_from(parser.parse_args(arguments))


def test_flags_override_the_file_which_overrides_the_defaults(tmp_path):
    (tmp_path / "a.toml").write_text("neurons = 7\nseed = 3\n[excitatory]\ntau_m = 50\ntheta_plus = 1\n")
    config = parsed("--config", str(tmp_path / "a.toml"), "--seed", "4", "--excitatory-theta-plus", "2.5")
    assert (config.neurons, config.seed, config.epochs) == (7, 4, Config().epochs)
    assert (config.excitatory.tau_m, config.excitatory.theta_plus, config.excitatory.v_rest) == (50, 2.5, -65)


#: What a stored configuration of the first version does not set is not automatic.
AUTOMATIC = {"drive": "auto", "shuffle": "auto"}


def test_no_arguments_give_the_defaults_under_their_preset():
    assert parsed() == Config() == from_stored(AUTOMATIC | preset(Config.rule, Config.neurons))


def test_constants_of_the_rule_from_file_and_flag(tmp_path):
    (tmp_path / "a.toml").write_text("[constants]\neta_plus = 0.5\ntau_x = 10\n")
    config = parsed("--config", str(tmp_path / "a.toml"), "--constant", "eta_plus=0.25")
    values = {name: constant.value for name, constant in config.plasticity.constants.items()}
    from_preset = {"eta_minus": 0.0}
    assert values == from_preset | {"tau_x": 10, "tau_y1": 20, "tau_y2": 40, "eta_plus": 0.25}


finite = st.floats(-1e3, 1e3)
positive = st.floats(0.1, 1e3)


@given(
    neurons=st.integers(1, 10_000),
    seed=st.integers(0, 2**31 - 1),
    delays=st.booleans(),
    dataset=st.text(min_size=1),
    excitatory=st.fixed_dictionaries({"tau_m": positive, "v_rest": finite, "theta_plus": positive}),
    connections=st.fixed_dictionaries({"inhibition": positive, "weight_total": positive}),
    constants=st.dictionaries(st.sampled_from(["tau_x", "eta_plus", "eta_minus"]), positive),
)
def test_a_configuration_survives_json(**data):
    config = from_dict(data)
    assert from_stored(json.loads(config.to_json())) == config


def test_a_rule_file_is_written_out_in_full(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('on_post = "w = clip(w + a, 0, w_max)"\n[constants]\na = {value = 0.5, source = "me"}\n')
    config = tiny_config({"rule": str(path)})
    rule, text = config.plasticity, config.to_json()
    path.unlink()  # a run folder does not need it any more
    assert from_stored(json.loads(text)).plasticity == rule
    assert rule.constants["a"].value == 0.5
    assert rule.name == "mine"


def test_run_folder_records_what_was_run(trained_run, digits_folder):
    stored = json.loads((trained_run / "config.json").read_text())
    environment = json.loads((trained_run / "environment.json").read_text())
    report = json.loads((trained_run / "evaluation.json").read_text())
    assert from_stored(stored) == tiny_config({"batch": 20, "dataset": str(digits_folder)})
    assert environment["seed"] == 0
    assert environment["backend"] == "cpp"
    assert environment["command"].split()[1].endswith("runs/train.py")
    assert environment["versions"]["numpy"] == np.__version__
    expected = {"n_label_images": 60, "n_test_images": 30, "presented": 60, "neurons": 10, "rule": "triplet"}
    assert {name: report[name] for name in expected} == expected
    low, high = report["confidence_interval_95"]
    assert 0 <= low <= report["accuracy"] <= high <= 1
