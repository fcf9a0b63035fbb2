"""What a sweep is going to do: which runs, in which order, what is compiled, and what it refuses."""

import re

import pytest
from refusal import content
from tiny import CHANGES, tiny_config

from stdpnet.base.errors import RunFolderError, SimulationError, StdpnetError
from stdpnet.commands import sweep_command
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps.plan import plan
from stdpnet.experiments.sweeps.planned_run import carry_out
from stdpnet.experiments.sweeps.sweep import compile_networks, sweep
from stdpnet.experiments.sweeps.workers import cores_each
from stdpnet.rules import RULES
from stdpnet.simulation import builds


@pytest.fixture
def asked(tmp_path, toml_of_any_rule):
    """Return a function that gives the configurations that a command line asks for."""

    def configurations(*arguments):
        found = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("stdpnet.commands.sweep.sweep", lambda configs, *others, **asked: found.extend(configs) or [])
            sweep_command(["--config", str(toml_of_any_rule), "--out", str(tmp_path), *arguments])
        return found

    return configurations


def test_every_combination_of_the_axes(asked):
    configs = asked("--neurons", "7", "9", "--rules", "all", "--seeds", "2", "--epochs", "5")
    found = [(config.rule, config.neurons, config.seed) for config in configs]
    assert sorted(found) == sorted((rule, n, seed) for rule in RULES for n in (7, 9) for seed in (0, 1))
    assert {config.epochs for config in configs} == {5}
    assert {config.excitatory.theta_plus for config in configs} == {CHANGES["excitatory"]["theta_plus"]}


def test_without_axes_there_is_one_run(asked):
    assert [(config.rule, config.neurons, config.seed) for config in asked()] == [("triplet", 10, 0)]


REFUSED = {
    "other images": (["--images", "30"], "triplet_10_seed0 holds a run with images 0, not 30: ask for the same"),
    "other model constant": (["--excitatory-tau-m", "9"], "holds a run with excitatory.tau_m 100.0, not 9.0"),
    "other rule constant": (["--constant", "tau_x=5"], "holds a run with constants.tau_x 20.0, not 5.0"),
    "other epochs": (["--epochs", "2"], "holds a run with epochs 1, not 2"),
    "twice the same": (["--neurons", "10", "10"], "two runs would be called triplet_10_seed0"),
    "no seeds": (["--seeds", "0"], "seeds is 0; expected at least 1"),
    "no jobs": (["--jobs", "0"], "jobs is 0; expected at least 1 and at most 64, or -1"),
    "flag of a single run": (["--seed", "1"], "--seed 1 is for a single run: give --seeds instead"),
    "unknown rule": (["--rules", "triplet", "tripel"], "unknown rule 'tripel'"),
    "unknown backend": (["--backend", "fortran"], "unknown backend 'fortran'"),
    "too many images": (["--neurons", "9", "--images", "61"], "images is 61; expected at most 60"),
    "too many label images": (["--label-images", "61"], "label-images is 61; expected 1 to 60"),
}


@pytest.mark.parametrize("arguments, message", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_before_any_work(tmp_path, toml_of_any_rule, asked, arguments, message):
    begun = RunFolder(tmp_path / "triplet_10_seed0")
    begun.prepare()
    begun.config_file.write_text(asked()[0].to_json())
    before = content(tmp_path)
    with pytest.raises(StdpnetError, match=re.escape(message)):
        sweep_command(["--config", str(toml_of_any_rule), "--out", str(tmp_path), *arguments])
    assert content(tmp_path) == before


def of_sizes(dataset, sizes, **changes):
    return [tiny_config({"dataset": str(dataset), "neurons": n, **changes}) for n in sizes]


def test_the_largest_runs_start_first(monkeypatch, tmp_path, digits_folder):
    started = []

    def not_run(planned):
        started.append(planned.config.neurons)
        return planned, planned.row("failed"), ""

    monkeypatch.setattr("stdpnet.experiments.sweeps.sweep.carry_out", not_run)
    configs = of_sizes(digits_folder, (10, 40, 20), backend="numpy")
    rows = sweep(configs, tmp_path / "sweep", jobs=1, show_progress=False)
    assert started == [40, 20, 10]
    assert [row["neurons"] for row in rows] == [10, 20, 40]


@pytest.mark.parametrize("jobs, runs, cores", [(1, 3, 8), (4, 2, 4), (3, 5, 2), (8, 20, 1), (16, 20, 1)])
def test_runs_side_by_side_leave_each_other_the_cores(monkeypatch, jobs, runs, cores):
    monkeypatch.setattr("stdpnet.experiments.sweeps.workers.cpu_count", lambda: 8)
    assert cores_each(jobs, runs) == cores


def test_each_network_is_compiled_once(monkeypatch, tmp_path, digits_folder):
    built = []

    def fail(spec, announce):
        built.append((spec.n_neurons, spec.plastic))
        raise SimulationError("does not compile")

    monkeypatch.setattr(builds, "build", fail)
    configs = of_sizes(digits_folder, (10, 20), backend="cpp")
    configs += of_sizes(digits_folder, (10, 20), backend="cpp", seed=1)
    compile_networks(plan(configs, tmp_path, Request()))  # the runs report what does not compile
    assert sorted(built) == [(10, False), (10, True), (20, False), (20, True)]


def test_a_rule_from_a_file_goes_to_the_workers_in_full(tmp_path, digits_folder):
    path = tmp_path / "mine.toml"
    path.write_text('on_post = "w = clip(w + a, 0, w_max)"\nconstants = { a = 0.5 }')
    (planned,) = plan(of_sizes(digits_folder, [10], rule=str(path)), tmp_path / "sweep", Request())
    path.unlink()
    assert planned.config.plasticity.constants["a"].value == 0.5
    assert planned.name == "mine_10_seed0"


def test_a_worker_that_does_not_see_the_folder(tmp_path, digits_folder):
    (planned,) = plan(of_sizes(digits_folder, [10]), tmp_path / "elsewhere", Request())
    with pytest.raises(RunFolderError, match=f"sees no folder {tmp_path}/elsewhere: put the sweep where all machines"):
        carry_out(planned)
    assert list(tmp_path.iterdir()) == []
