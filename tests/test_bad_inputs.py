"""Bad inputs, each with its sentence: what was found, what was expected, what to do. In one process, and quick."""

import math

import numpy as np
import pytest
from fakeruns import write_conversion
from idxfiles import idx_bytes, write_idx_folder
from tiny import digits

import stdpnet
from stdpnet.base import files
from stdpnet.commands.cite import reasons_of
from stdpnet.commands.main import main
from stdpnet.experiments.conversion.source import load_graph
from stdpnet.experiments.stdp.request import Request
from stdpnet.learning.config import GROUPS, Config, from_dict, from_stored
from stdpnet.network.spec import NetworkSpec
from stdpnet.rules import Constant, Rule
from stdpnet.rules.declaration import rule_from_dict
from stdpnet.rules.text import check_text

FLAGS = {
    "window without end": (
        "--presentation-window 1e30",
        "window is 1e+30 ms; expected a finite number of at least 1 ms",
    ),
    "rest without end": (
        "--presentation-rest 1e300",
        "rest is 1e+300 ms; expected a finite number of at least 0 ms and",
    ),
    "window below a step": (
        "--presentation-window 0.1",
        "presentation.window is 0.1 ms; expected a finite number of at",
    ),
    "step too long": (
        "--presentation-dt 50",
        "presentation.dt is 50.0 ms; expected a finite number of at least 0.01 ms",
    ),
    "repeated for ever": (
        "--presentation-repetitions 2000000",
        "presentation.repetitions is 2000000; expected a finite",
    ),
    "no delays at all": (
        "--connections-delay-max 0",
        "delay_max is 0.0 ms with delays; expected at least presentation.d",
    ),
    "very long delays": ("--connections-delay-max 1e9", "connections.delay_max is 1000000000.0 ms; expected a finite"),
    "short half-life": ("--schedule-adaptation-half-life 1e-300", "adaptation_half_life is 1e-300; expected 0, which"),
    "subnormal half-life": ("--schedule-learning-rate-half-life 5e-324", "learning_rate_half_life is 5e-324; expected"),
    "negative half-life": (
        "--schedule-adaptation-half-life -1",
        "half_life is -1.0; expected a finite number of at least",
    ),
    "too many workers": ("--workers 99999", "workers is 99999; expected at least 1 and at most"),
    "negative workers": ("--workers -2", "workers is -2; expected at least 1 and at most"),
    "hot threshold": (
        "--excitatory-v-threshold 1e9",
        "excitatory.v_threshold is 1000000000.0 mV; expected a finite number",
    ),
    "deep rest": (
        "--inhibitory-v-rest=-1e9",
        "inhibitory.v_rest is -1000000000.0 mV; expected a finite number of at least -1",
    ),
    "heavy weights": (
        "--connections-weight-max 1e30",
        "connections.weight_max is 1e+30; expected a finite number of at",
    ),
    "weights upside down": (
        "--connections-weight-low 5",
        "weight_low is 5.0; expected at most connections.weight_high",
    ),
    "misspelt drive": ("--drive contrst", "drive is 'contrst' (did you mean 'contrast'?); expected one of auto, grey"),
    "misspelt constant": (
        "--constant eta_pluss=1",
        "has no constant 'eta_pluss' (did you mean 'eta_plus'?); it has tau_x",
    ),
    "misspelt backend": ("--backend cp", "unknown backend 'cp' (did you mean 'cpp'?): expected one of auto, cpp"),
    "half an image": ("--images -1", "images is -1; expected a finite number of at least 0"),
    "rate of nothing": (
        "--presentation-rate 0",
        "presentation.rate is 0.0 Hz; expected a finite number of at least 1e-06",
    ),
}


@pytest.mark.parametrize("flags, sentence", FLAGS.values(), ids=FLAGS)
def test_flags(tmp_path, monkeypatch, capsys, digits_folder, flags, sentence):
    monkeypatch.chdir(tmp_path)
    first = [] if "--dataset" in flags else ["--dataset", str(digits_folder)]
    assert main(["train", *first, *flags.split(), "--out", "run"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1
    assert sentence in said
    assert list(tmp_path.iterdir()) == []


NUMBERS = [
    (group, name)
    for group, kind in {"": Config, **GROUPS}.items()
    for name, item in kind.__dataclass_fields__.items()
    if item.type in (float, int) and "about" in item.metadata
]


@pytest.mark.parametrize("group, name", NUMBERS, ids=[f"{group}.{name}" for group, name in NUMBERS])
def test_no_number_may_be_nan_or_infinite(group, name):
    for value in (math.nan, math.inf, -math.inf):
        with pytest.raises(stdpnet.ConfigError, match=name) as caught:
            from_dict({group: {name: value}} if group else {name: value})
        assert "expected" in str(caught.value)


CONFIGURATIONS = {
    "misspelt parameter": ({"neurns": 5}, "unknown parameter neurns (did you mean 'neurons'?): expected one of"),
    "misspelt in a group": ({"schedule": {"inhibition_rize": 5}}, "inhibition_rize (did you mean 'inhibition_rise'?)"),
    "no table": ([1], "the configuration is a list; expected a table of parameters"),
    "constants of text": ({"constants": "eta"}, "constants is 'eta'; expected a table of parameters"),
    "a rule of nothing": ({"rule": 3}, "rule is 3; expected a name, the path of a .toml file"),
    "shuffle is true": ({"shuffle": True}, "shuffle is True; expected str"),
    "shuffle is unknown": ({"shuffle": "yes"}, "shuffle is 'yes'; expected one of auto, on, off"),
    "a list for a number": ({"epochs": [3]}, "epochs is [3]; expected int"),
    "a constant without end": ({"constants": {"eta_plus": math.inf}}, "'eta_plus' of rule 'triplet' is inf; expected"),
}


@pytest.mark.parametrize("data, sentence", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_configurations(data, sentence):
    for read in (from_dict, from_stored):
        with pytest.raises(stdpnet.ConfigError) as caught:
            read(data)
        assert sentence in str(caught.value)


A, TAU = Constant(0.1, "1", "test"), Constant(20.0, "ms", "test")
RULES = {
    "unknown name": (
        {"on_post": "w += zzz"},
        "'own', on_post, line 1: unknown name 'zzz' in 'w += zzz'; expected w, w_max",
    ),
    "in the second line": (
        {"on_post": "\ndw = a\nw += dw * b\n"},
        "on_post, line 2: unknown name 'b' in 'w += dw * b'",
    ),
    "misspelt name": ({"on_post": "w = clip(w + a, 0, wmax)"}, "unknown name 'wmax' (did you mean 'w_max'?)"),
    "misspelt function": ({"on_post": "w = clp(w + a, 0, w_max)"}, "unknown name 'clp' (did you mean 'clip'?)"),
    "misspelt time": (
        {"pre_traces": "dx/dt = -x / tua : 1"},
        "pre_traces, line 1: unknown name 'tua' (did you mean 'tau'",
    ),
    "plain trace": (
        {"on_post": "w += a * x"},
        "unknown name 'x' in 'w += a * x'; it is a trace of the input: write x_pre",
    ),
    "trace of no side": ({"on_post": "w += a * y_pre"}, "unknown name 'y_pre' (did you mean 'x_pre'?)"),
    "trace of the other side": (
        {"pre_spike": "y = 1"},
        "'y' in 'y = 1'; it is a trace of the other side, which pre_spike",
    ),
    "bracket": (
        {"on_post": "w = clip(w + a"},
        "on_post, line 1: 'w = clip(w + a' is no assignment; expected one such as w",
    ),
    "no assignment": ({"on_pre": "w - a"}, "on_pre, line 1: 'w - a' is no assignment; expected one such as w = clip("),
    "condition": ({"on_pre": "if w: w = 0"}, "'if w: w = 0' is no assignment"),
    "attribute": ({"on_pre": "w = w.real"}, "'w = w.real' is no assignment"),
    "call of Python": ({"on_pre": "w = __import__('os')"}, "unknown name '__import__'"),
    "changed constant": ({"on_pre": "a = 2"}, "'a = 2' changes the constant 'a'; expected a trace or w"),
    "no unit": ({"pre_traces": "dx/dt = -x / tau"}, "'dx/dt = -x / tau' is no equation; expected one such as dx/dt ="),
    "no equation": ({"pre_traces": "x decays : 1"}, "'x decays : 1' is no equation; expected one such as"),
    "half an equation": ({"pre_traces": "dx/dt = -x / : 1"}, "pre_traces, line 1: 'dx/dt = -x / : 1' is no equation"),
    "trace called v": (
        {"post_traces": "dv/dt = -v / tau : 1", "post_spike": ""},
        "'v' is a name of the neuron; choose",
    ),
    "constant in two places": (
        {"pre_spike": "x += a"},
        "constant 'a' of rule 'own' stands in pre_spike and in on_post, and",
    ),
    "constant that ends in _pre": (
        {"constants": {"tau": TAU, "a_pre": A}},
        "'a_pre' of rule 'own': names that end in _pre",
    ),
    "constant called w": (
        {"constants": {"tau": TAU, "w": A}},
        "constant 'w' of rule 'own' has the name of something else",
    ),
    "constant with a space": ({"constants": {"tau": TAU, "a b": A}}, "'a b' of rule 'own': expected a name of letters"),
    "deep": ({"on_post": "w = " + "(" * 9000}, "is no assignment; expected one such as w = clip(w + rate, 0, w_max)"),
    "zero byte": ({"on_post": "w = 1\0"}, "is no assignment"),
}


def own_rule(**changes):
    """Return a rule of one's own with changes."""
    given = {"pre_traces": "dx/dt = -x / tau : 1", "pre_spike": "x += 1", "post_traces": "dy/dt = -y / tau : 1"}
    given |= {"post_spike": "y = 1", "on_post": "w = clip(w + a * x_pre, 0, w_max)", "constants": {"tau": TAU, "a": A}}
    return Rule(**{"name": "own", "source": "test"} | given | changes)


@pytest.mark.parametrize("changes, sentence", RULES.values(), ids=RULES)
def test_rules(changes, sentence):
    with pytest.raises(stdpnet.ConfigError) as caught:
        Config(rule=own_rule(**changes))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_rules_of_the_package_are_right():
    for rule in stdpnet.RULES.values():
        check_text(rule)


def test_a_rule_field_that_is_misspelt():
    with pytest.raises(stdpnet.ConfigError, match=r"no field 'on_posst' \(did you mean 'on_post'\?\)"):
        rule_from_dict({"on_posst": "w += 1"})


GOOD = {
    "as it is": {},
    "a name in between": {"on_post": "dw = a * x_pre\n\nw = clip(w + dw, 0, w_max)  # grow"},
    "two statements in a line": {"on_pre": "w -= a * y_post; w = clip(w, 0, w_max)"},
    "an equation over two lines": {"pre_traces": "dx/dt = -x\n  / tau : 1  # decays\nz : 1"},
    "the potential": {"on_post": "w = clip(w + a * int(v_post > -60 * mV), 0, w_max)"},
    "without text": {"on_post": "", "pre_spike": ""},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD)
def test_rules_that_are_right_are_taken(changes):
    rule = own_rule(**changes)
    assert Config(rule=rule).plasticity.on_post == rule.on_post


IMAGES = np.zeros((4, 8, 8), np.uint8)
ARRAYS = {
    "no images": (
        {"train_images": IMAGES[:0]},
        "images of shape (0, 8, 8), expected (n, height, width), (n, length) for",
    ),
    "too few labels": ({"train_labels": np.zeros(3, np.uint8)}, "found 4 images but 3 labels"),
    "other size": ({"test_images": np.zeros((4, 9, 8), np.uint8)}, "test images of shape (9, 8), expected the same"),
}


@pytest.mark.parametrize("changes, sentence", ARRAYS.values(), ids=ARRAYS)
def test_arrays(changes, sentence):
    labels = np.zeros(4, np.uint8)
    given = {"train_images": IMAGES, "train_labels": labels, "test_images": IMAGES, "test_labels": labels}
    with pytest.raises(stdpnet.DataError) as caught:
        stdpnet.Dataset("mine", **given | changes)
    assert sentence in str(caught.value)


def test_a_data_set_that_is_cut_short(tmp_path):
    folder = write_idx_folder(tmp_path / "set", *digits())
    path = next(tmp_path.rglob("train-images*"))
    path.write_bytes(idx_bytes(digits()[0])[:-1])
    with pytest.raises(stdpnet.DataError, match=r"train-images.*found 3855 bytes, expected 3856"):
        stdpnet.load_dataset(folder)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "[" * 5000], ids=["long", "with a zero", "very long"])
def test_what_can_be_no_path_is_no_data_and_no_model(name, tmp_path):
    with pytest.raises(
        stdpnet.DataError, match=r"no data set .*: expected mnist-5k, mnist, cifar10, or the path of images"
    ):
        stdpnet.load_dataset(name)
    with pytest.raises(stdpnet.ConversionError, match="no such file or folder"):
        load_graph(name)
    made = write_conversion(tmp_path)
    files.write_json(made / "config.json", files.read_json(made / "config.json") | {"model": name})
    assert ("the conversion", "Rueckauer et al. 2017") in [reason[:2] for reason in reasons_of(made)]


def full(*_):
    raise OSError("784000 requested and 2560 written")


def test_a_full_disk_names_the_file(tmp_path, monkeypatch):
    files.write_text(tmp_path / "kept.txt", "old")
    with pytest.raises(
        stdpnet.RunFolderError, match=r"kept\.txt: could not be written \(784000 requested and 2560 wri"
    ):
        files.write_atomically(tmp_path / "kept.txt", full)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
    assert (tmp_path / "kept.txt").read_text() == "old"


def test_a_full_scratch_folder_names_what_was_to_be_written(tmp_path):
    from stdpnet.simulation.standalone import StandaloneSimulator

    simulator = object.__new__(StandaloneSimulator)
    simulator.inputs = {"input_synapses.w": {"dtype": "float32", "size": 4}}
    with pytest.raises(stdpnet.SimulationError, match=r"input_synapses\.w: 16 bytes could not be written.*disk full\?"):
        simulator._argument(tmp_path / "nowhere", "input_synapses.w", np.zeros(4))


@pytest.mark.parametrize("number", [0, -2, 99_999])
def test_numbers_of_processes(number, digits_folder):
    dataset = stdpnet.load_dataset(digits_folder)
    with pytest.raises(stdpnet.ConfigError, match=f"workers is {number}; expected at least 1 and at most"):
        Request(workers=number).of(dataset)
    with pytest.raises(stdpnet.ConfigError, match=f"jobs is {number}; expected at least 1 and at most"):
        stdpnet.sweep([Config()], "nowhere", jobs=number)


def test_a_specification_is_read_without_checks():
    spec = NetworkSpec(4, 3, 5e-4, own_rule(on_post="w += zzz"))  # a process that compiles was handed a checked one
    assert NetworkSpec.from_dict(spec.to_dict()) == spec
