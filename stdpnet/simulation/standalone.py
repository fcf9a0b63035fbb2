"""Run a compiled network: values in through files, results out through files, no Brian2 needed."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base.errors import SimulationError

#: Environment variable of a program that says how many threads it takes.
THREADS = "STDPNET_THREADS"


class StandaloneSimulator:
    """Drives the program in a build folder.

    Parameters
    ----------
    folder : str or Path
        As returned by `stdpnet.simulation.builds.build`.
    threads : int
        That share the neurons; results are the same for any number.
    """

    def __init__(self, folder: str | Path, threads: int = 1) -> None:
        self.folder, self.threads = Path(folder), threads
        manifest = json.loads((self.folder / "manifest.json").read_text())
        self.inputs, self.outputs = manifest["inputs"], manifest["outputs"]

    def run(self, values: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, np.ndarray]:
        """Set the values, run until the protocol stops, and return the wanted variables.

        Parameters
        ----------
        values : dict of str to float, int or ndarray
            By ``group.variable``, in SI units. An array fills the variable, a number all of it.
        wanted : iterable of str
            Names of variables to read back.

        Returns
        -------
        dict of str to ndarray
            By name, in SI units, each of one dimension; a synapse has number ``i * n_post + j``.

        Raises
        ------
        SimulationError
            When a value does not fit its variable, or the program fails.
        """
        with tempfile.TemporaryDirectory(prefix="stdpnet-") as scratch:
            arguments = [self._argument(Path(scratch), name, value) for name, value in values.items()]
            # the program appends file names to this folder as plain text
            command = [str(self.folder / "main"), "--results_dir", f"{scratch}/", *arguments]
            # a session of its own: Ctrl-C is for the caller, the program would end its batch early
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=os.environ | {THREADS: str(self.threads)},
                capture_output=True,
                text=True,
                check=False,
                start_new_session=True,
            )
            if done.returncode or done.stderr:
                raise SimulationError(
                    f"the compiled network in {self.folder} failed (exit code {done.returncode}): "
                    f"{done.stderr[-1000:].strip()}"
                )
            return {name: self._result(Path(scratch), name) for name in wanted}

    def _result(self, scratch: Path, name: str) -> np.ndarray:
        file, dtype = scratch / self.outputs[name]["file"], self.outputs[name]["dtype"]
        found = np.fromfile(file, dtype) if file.exists() else None
        # the program does not check whether its files were written
        size = self.inputs.get(name, {}).get("size")
        if found is None or (size is not None and found.size != size):
            raise SimulationError(
                f"{name}: the compiled network wrote {0 if found is None else found.size} values, expected "
                f"{size or 'a file'}: is there space in {scratch.parent}?"
            )
        return found

    def _argument(self, scratch: Path, name: str, value: Any) -> str:
        declared = self.inputs[name]
        if np.ndim(value) == 0:
            return f"{name}={np.dtype(declared['dtype']).type(value).item()!r}"
        array = np.ascontiguousarray(value, declared["dtype"])
        if array.size != declared["size"]:
            raise SimulationError(f"{name} takes {declared['size']} values, not {array.size}")
        path = scratch / name
        try:
            array.tofile(path)
        except OSError as error:
            raise SimulationError(
                f"{name}: {array.nbytes:,} bytes could not be written into {scratch.parent} ({error}): is the disk "
                "full? TMPDIR may name another folder"
            ) from None
        return f"{name}={path}"
