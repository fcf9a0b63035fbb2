"""Compiled networks: made once, kept under a key of what is compiled in, safe with several processes."""

import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tiny import N_INPUTS, ROOT, tiny_config

from stdpnet.base.errors import SimulationError
from stdpnet.learning.values import network_spec
from stdpnet.simulation import builds
from stdpnet.simulation.standalone import StandaloneSimulator


def spec(*changes, plastic=True, record_all=False, n_inputs=N_INPUTS):
    return network_spec(tiny_config(*changes), n_inputs, plastic, record_all)


def test_two_processes_that_ask_at_once_compile_once(first_build):
    one, other = first_build
    assert one[-1] == other[-1]
    assert Path(one[-1]).name == builds.key(spec())
    assert sorted([one[:-1], other[:-1]]) == [[], ["announced"]]


def test_a_second_start_compiles_nothing(first_build):
    announced, folder = [], builds.cache_folder() / Path(first_build[0][-1]).name
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert folder / "manifest.json" in before
    assert builds.build(spec(), announced.append) == folder
    assert announced == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


RULE = tiny_config().plasticity.to_dict()
SAME_BUILD = {
    "seed": {"seed": 5},
    "rule constant": {"constants": {"eta_plus": 0.5}},
    "model constant": {"excitatory": {"tau_m": 50.0}},
    "presentation": {"presentation": {"window": 100.0}},
    "batch": {"batch": 3},
    "name and source of the rule": {"custom_rule": RULE | {"name": "other", "source": "elsewhere"}},
}
OTHER_BUILD = {
    "neurons": {"neurons": 11},
    "time step": {"presentation": {"dt": 0.25}},
    "delays": {"delays": False},
    "rule text": {"custom_rule": RULE | {"on_pre": "w = clip(w - eta_minus, 0, w_max)"}},
    "normalisation": {"custom_rule": RULE | {"normalise": False}},
}


@pytest.mark.parametrize("change", SAME_BUILD.values(), ids=SAME_BUILD)
def test_what_is_set_at_run_time_needs_no_new_build(change):
    assert builds.key(spec(change)) == builds.key(spec())


@pytest.mark.parametrize("change", OTHER_BUILD.values(), ids=OTHER_BUILD)
def test_what_is_compiled_in_gives_a_build_of_its_own(change):
    assert builds.key(spec(change)) != builds.key(spec())


def test_every_kind_of_network_has_a_build_of_its_own():
    kinds = [spec(), spec(plastic=False), spec(record_all=True), spec(n_inputs=100)]
    assert len({builds.key(kind) for kind in kinds}) == len(kinds)


def test_another_equation_gives_a_build_of_its_own():
    known = spec()
    others = [
        replace(known, excitatory=replace(known.excitatory, threshold="v > v_threshold")),
        replace(known, inhibitory=replace(known.inhibitory, reset="v = v_reset")),
    ]
    assert len({builds.key(kind) for kind in (known, *others)}) == 3


PRINT_KEY = """
from tiny import N_INPUTS, tiny_config
from stdpnet.learning.values import network_spec
from stdpnet.simulation import builds
from stdpnet.simulation.standalone import StandaloneSimulator
print(builds.key(network_spec(tiny_config(), N_INPUTS, plastic=True)))
"""


def test_the_key_follows_the_sources_and_not_python_s_byte_code(tmp_path):
    package = shutil.copytree(ROOT / "stdpnet", tmp_path / "stdpnet", ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}

    def key():
        command = [sys.executable, "-c", PRINT_KEY]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    first = key()
    assert len(first) > 20
    assert compileall.compile_dir(package, quiet=1)  # as importing every module would do
    assert key() == first
    with open(package / "network" / "neurons.py", "a") as source:
        source.write("# another model\n")
    assert key() != first


def test_without_a_compiler_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(SimulationError, match=r"no C\+\+ compiler found: install .*--backend cython or numpy"):
        builds.key(spec())


def test_a_failed_build_leaves_nothing_behind(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    broken = replace(spec().rule, on_post="w = clip(w + no_such_thing, 0, w_max)")
    with pytest.raises(SimulationError, match="no_such_thing"):
        builds.build(replace(spec(), rule=broken))
    assert [path for path in builds.cache_folder().iterdir() if path.suffix != ".lock"] == []


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "manifest cut": ("manifest.json", cut),
    "manifest of other bits": ("manifest.json", flip_a_bit),
    "manifest gone": ("manifest.json", Path.unlink),
    "program cut": ("main", cut),
    "program of other bits": ("main", flip_a_bit),
    "program empty": ("main", lambda path: path.write_bytes(b"")),
    "program not executable": ("main", lambda path: path.chmod(0o644)),
    "program gone": ("main", Path.unlink),
    "array of other bits": ("static_arrays/images_values", flip_a_bit),
    "checksums cut": ("checksums.json", cut),
    "checksums not text": ("checksums.json", lambda path: path.write_bytes(b"\xff\xfe\x00")),
    "checksums no table": ("checksums.json", lambda path: path.write_text("[]")),
    "checksums gone": ("checksums.json", Path.unlink),
}


@pytest.mark.parametrize("file, damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_build_is_made_anew(monkeypatch, tmp_path, first_build, file, damage):
    intact = Path(first_build[0][-1])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = Path(shutil.copytree(intact, builds.cache_folder() / intact.name))
    assert builds.build(spec()) == folder
    monkeypatch.setattr(builds, "_whole", set())  # as another process
    damage(folder / file)
    made, announced = [], []

    def make(place, *others):
        made.append(place)
        shutil.rmtree(place)
        shutil.copytree(intact, place)

    monkeypatch.setattr(builds, "_compile_into", make)
    for _ in range(2):
        assert builds.build(spec(), announced.append) == folder
    assert made == [folder]
    assert announced == [f"compiling the training network (damaged, so once more; kept in {folder})"]
    assert StandaloneSimulator(folder).inputs
