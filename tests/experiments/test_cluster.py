"""A sweep on two machines, as far as one machine can be two: network namespaces with addresses of their own.

They share a folder, and nothing else: caches and compilers are their own. Run by hand, as root: ``-m slow``.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from tiny import CHANGES, ROOT, TRIPLET

from stdpnet.base import files
from stdpnet.base.parameters import merged
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.learning.config import from_dict

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to make network namespaces"),
    pytest.mark.skipif(not shutil.which("ip"), reason="needs the command ip, of Debian's package iproute2"),
]

SEEDS = 5
PORT = 8786
ADDRESSES = {"a": "10.213.77.1", "b": "10.213.77.2"}

CLIENT = """
import json, sys
from dask.distributed import Client
from joblib import parallel_config
from stdpnet.experiments.sweeps.sweep import sweep
from stdpnet.learning.config import from_dict
address, folder, configs = sys.argv[1:]
with Client(address), parallel_config(backend="dask"):
    sweep([from_dict(data) for data in json.loads(configs)], folder, show_progress=False)
"""


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no network namespaces here: ip {' '.join(words)}: {done.stderr.strip()}")


@pytest.fixture
def machines(tmp_path):
    """Return a function that starts a process on one of two machines; what still runs in the end is killed."""
    names = {machine: f"stdpnet-{os.getpid()}-{machine}" for machine in ADDRESSES}
    links = {machine: f"stdp{os.getpid() % 10**6}{machine}" for machine in ADDRESSES}
    started = []

    def start(machine, *command, **environment):
        home = tmp_path / f"machine-{environment.pop('cache', machine)}"
        home.mkdir(exist_ok=True)
        log = open(tmp_path / f"{len(started)}.log", "w")  # noqa: SIM115
        changed = {"XDG_CACHE_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
        line = [shutil.which("ip"), "netns", "exec", names[machine], *map(str, command)]
        started.append(subprocess.Popen(line, env=os.environ | changed, stdout=log, stderr=log, cwd=home))
        return started[-1]

    try:
        for name in names.values():
            ip("netns", "add", name)
        ip("link", "add", links["a"], "type", "veth", "peer", "name", links["b"])
        for machine, name in names.items():
            ip("link", "set", links[machine], "netns", name)
            ip("-n", name, "addr", "add", f"{ADDRESSES[machine]}/24", "dev", links[machine])
            ip("-n", name, "link", "set", links[machine], "up")
            ip("-n", name, "link", "set", "lo", "up")
        yield start
    finally:
        for process in started:
            process.kill()
            process.wait()
        for name in names.values():  # and the link with them
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def worker(start, machine, **environment):
    command = [sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{ADDRESSES['a']}:{PORT}", "--no-nanny"]
    options = ["--host", ADDRESSES[machine], "--nthreads", 1, "--no-dashboard"]
    return start(machine, *command, *options, **environment)


def wait_for(condition, log, seconds=1200):
    """Wait until a condition holds, and return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, log()
        time.sleep(0.005)
    return found


def without_compiler(folder):
    """Return a search path on which there is no compiler, nor anything but Python."""
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    return str(folder)


def test_two_machines_of_which_one_worker_dies_and_one_has_no_compiler(tmp_path, machines, first_build, digits_folder):
    short = {"window": 50.0, "rest": 20.0, "rate": 1.0, "fewest_spikes": 0}  # NumPy takes its time
    tiny = merged(CHANGES | TRIPLET, {"dataset": str(digits_folder), "batch": 5, "presentation": short})
    plain = [merged(tiny, {"seed": seed}) for seed in range(SEEDS)]
    sweep(map(from_dict, plain), tmp_path / "alone", jobs=1, show_progress=False)

    shared = tmp_path / "shared"

    def logs():
        return "\n".join(path.read_text() for path in sorted(tmp_path.glob("*.log")))

    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", ADDRESSES["a"], "--port", PORT]
    machines("a", *scheduler, "--no-dashboard")
    first = worker(machines, "b")
    (tmp_path / "client.py").write_text(CLIENT)
    client = machines(
        "a", sys.executable, tmp_path / "client.py", f"tcp://{ADDRESSES['a']}:{PORT}", shared, json.dumps(plain)
    )

    def half_way():
        begun = {path.parent for path in shared.glob("*/checkpoint.npz")}
        return begun - {path.parent for path in shared.glob("*/evaluation.json")}

    (stopped,) = wait_for(half_way, logs)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not (stopped / "evaluation.json").exists()

    worker(machines, "b", cache="c", PATH=without_compiler(tmp_path / "bin"), CXX="")
    wait_for(lambda: any("backend numpy" in path.read_text() for path in shared.glob("*/log.txt")), logs)
    worker(machines, "a")
    wait_for(lambda: client.poll() is not None, logs)
    assert client.returncode == 0, logs()
    environments = [files.read_json(path) for path in sorted(shared.glob("*/environment.json"))]
    resumed = [again for one in environments for again in one.get("resumed", ())]
    assert len(resumed) == 1  # the run of the worker that was killed
    assert {one["backend"] for one in (*environments, *resumed)} == {"cpp", "numpy"}
    assert all("dask_worker" in one["command"] for one in (*environments, *resumed))  # nothing by the caller itself
    assert (shared / "sweep.csv").read_bytes() == (tmp_path / "alone" / "sweep.csv").read_bytes()
