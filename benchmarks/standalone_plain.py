"""The training network compiled afresh in a folder of its own: with stdpnet's device, or with Brian2's own.

The user's cache is left alone, so that the time of the build is that of an empty cache.
"""

import json
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ours import Ours

from stdpnet.base.errors import SimulationError
from stdpnet.learning.state import initial_state
from stdpnet.learning.values import network_spec
from stdpnet.simulation.standalone import StandaloneSimulator

#: Starts the real program from a small process: a child's peak counts that of its parent at the fork.
LAUNCHER = """\
import os, sys
program, result, *arguments = sys.argv[1:]
_, status, usage = os.wait4(os.posix_spawn(program, [program, *arguments], os.environ), 0)
with open(result, "w") as file:
    file.write(str(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)))
sys.exit(os.waitstatus_to_exitcode(status))
"""


class FreshBuild(Ours):
    """A compiled network that is removed with `close`; it presents images as `Ours` does.

    Parameters
    ----------
    config : stdpnet.Config
    n_inputs : int
    state : dict of str to ndarray, optional
        The state to start from; by default that before the first presentation.
    plain : bool
        Use Brian2's ``cpp_standalone`` instead of stdpnet's device.
    """

    def __init__(self, config, n_inputs, state=None, plain=False):
        self.config, self.state = config, state or initial_state(config, n_inputs)
        self._scratch = tempfile.TemporaryDirectory(prefix="stdpnet-benchmark-")
        self._folder = Path(self._scratch.name) / "build"
        self._folder.mkdir()
        request = self._folder / "spec.json"
        request.write_text(json.dumps(network_spec(config, n_inputs, plastic=True).to_dict()))
        command = [sys.executable, "-m", "stdpnet.simulation.code_generation", str(request), str(self._folder)]
        start = time.perf_counter()
        done = subprocess.run(command + ["--plain"] * plain, capture_output=True, text=True, check=False)
        self.build_seconds = time.perf_counter() - start
        if done.returncode:
            raise SimulationError(f"could not compile the network:\n{done.stderr[-2000:].strip()}")
        self.simulator = StandaloneSimulator(self._folder)

    def peak_memory(self, images):
        """Show the images; return the greatest resident set of the compiled program, in MB of 10^6 bytes."""
        view, result = (Path(self._scratch.name) / name for name in ("view", "peak"))
        view.mkdir()
        for path in self._folder.iterdir():
            if path.name != "main":
                (view / path.name).symlink_to(path)
        start = shlex.join([sys.executable, "-SE", "-c", LAUNCHER, str(self._folder / "main"), str(result)])
        (view / "main").write_text(f'#!/bin/sh\nexec {start} "$@"\n')
        (view / "main").chmod(0o755)
        whole, self.simulator = self.simulator, StandaloneSimulator(view)
        try:
            self.present(images)
        finally:
            self.simulator = whole
        return int(result.read_text()) / 1e6

    def close(self):
        """Remove the build."""
        self._scratch.cleanup()
