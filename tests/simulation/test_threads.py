"""Brian2's state is that of the process: trainings in threads take turns, and each gives the numbers it gives alone."""

import subprocess
import sys

from tiny import ROOT

#: In a process of its own, so that Brian2 is imported for the first time, and in a thread.
TRAININGS = """
import signal, sys, threading
import numpy as np
from tiny import SHORT, digits, tiny_config
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.train import train

dataset, found, ctrl_c = Dataset("mine", *digits()), {}, signal.getsignal(signal.SIGINT)

def work(seed, where):
    config = tiny_config(SHORT, {"seed": seed, "backend": "numpy", "images": 1})
    found[seed, where] = train(config, dataset, show_progress=False).weights

threads = [threading.Thread(target=work, args=(seed, "thread")) for seed in (0, 1)]
assert "brian2" not in sys.modules
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert signal.getsignal(signal.SIGINT) is ctrl_c and signal.signal.__module__ == "signal"
for seed in (0, 1):
    work(seed, "alone")
    np.testing.assert_array_equal(found[seed, "thread"], found[seed, "alone"])
print(found[0, "alone"].shape, np.array_equal(found[0, "alone"], found[1, "alone"]))
"""


def test_two_trainings_in_threads_give_what_they_give_alone():
    done = subprocess.run(
        [sys.executable, "-c", TRAININGS], cwd=ROOT / "tests", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "(64, 10) False\n"
