"""The C++ compiler: which one, with which flags, and compiling a folder of generated sources."""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from stdpnet.base.errors import SimulationError
from stdpnet.simulation.translation_units import join

# Together these let the compiler vectorise Brian2's loops and call the vector versions of exp;
# they are also why equal bits need an equal machine.
FLAGS = (
    *("-w", "-std=c++14", "-O3", "-march=native", "-ffast-math", "-pthread"),
    # sums, quotients and products are rounded alike whether a loop is vectorised or not
    *("-fno-associative-math", "-fno-reciprocal-math", "-ffp-contract=off"),
)
#: g++ gives up on Brian2's loops because of the number of possible aliases, unless told not to, and
#: divides vectors approximately, unless told not to (-mrecip=none does not, in g++ 12).
GCC_FLAGS = ("--param=vect-max-version-for-alias-checks=1000", "-mrecip=!all")

#: Makes, reads and writes arrays, once in a run, and is the longest of all: not worth -O3.
ARRAYS = "objects.cpp"


def find_compiler() -> str | None:
    """Return the path of a C++ compiler (``$CXX``, g++ or clang++), or None."""
    for name in (os.environ.get("CXX"), "g++", "clang++"):
        found = name and shutil.which(name)
        if found:
            return found
    return None


def require_compiler() -> str:
    """Return the path of a C++ compiler.

    Raises
    ------
    SimulationError
        When there is none.
    """
    found = find_compiler()
    if found is None:
        raise SimulationError("no C++ compiler found: install g++ or clang++, or choose --backend cython or numpy")
    return found


def _version(compiler: str) -> str:
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout


def flags(compiler: str) -> list[str]:
    """Return the flags for this compiler."""
    return [*FLAGS, *(GCC_FLAGS if "Free Software Foundation" in _version(compiler) else ())]


def identity(compiler: str) -> list[Any]:
    """Return what decides whether a compiled program fits: compiler, flags and the processor's features."""
    try:
        processor = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags"))
    except (OSError, StopIteration):
        processor = platform.processor()
    features = hashlib.sha256(processor.encode()).hexdigest()
    return [_version(compiler), flags(compiler), platform.machine(), features]


def compile_folder(directory: Path, sources: Iterable[str], workers: int) -> None:
    """Compile and link the sources in a folder into the program ``main``.

    Parameters
    ----------
    directory : Path
    sources : iterable of str
        Relative to `directory`.
    workers : int
        Compiler processes at a time.

    Raises
    ------
    SimulationError
        When there is no compiler, or with its first message when it fails.
    """
    compiler = require_compiler()
    command = [compiler, *flags(compiler), "-I."]

    def run(*arguments: str) -> None:
        done = subprocess.run([*command, *arguments], cwd=directory, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SimulationError(f"{compiler} failed on {arguments[-1]} in {directory}:\n{done.stderr[:2000]}")

    others = [source for source in join(directory, sorted(sources)) if source != ARRAYS]
    objects = [f"{source}.o" for source in (*others, ARRAYS)]  # of functions that are in both, the first one is taken
    with ThreadPoolExecutor(workers) as pool:
        arrays = pool.submit(run, "-O1", "-c", "-o", f"{ARRAYS}.o", ARRAYS)  # takes longest: first
        list(pool.map(lambda source: run("-c", "-o", f"{source}.o", source), others))
        arrays.result()
    run("-o", "main", *objects)
    for leftover in objects:
        (directory / leftover).unlink()
