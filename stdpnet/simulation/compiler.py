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

# Together these let the compiler vectorise Brian2's loops and call the vector versions of exp;
# they are also why equal bits need an equal machine.
FLAGS = (
    *("-w", "-std=c++14", "-O3", "-march=native", "-ffast-math"),
    # sums, quotients and products are rounded alike whether a loop is vectorised or not
    *("-fno-associative-math", "-fno-reciprocal-math", "-ffp-contract=off"),
)
#: g++ gives up on Brian2's loops because of the number of possible aliases, unless told not to, and
#: divides vectors approximately, unless told not to (-mrecip=none does not, in g++ 12).
GCC_FLAGS = ("--param=vect-max-version-for-alias-checks=1000", "-mrecip=!all")

#: Parsing these takes longer than compiling most of the generated files: parse them once.
PREFIX = "\n".join(
    f"#include {name}"
    for name in (
        *("<cmath>", "<ctime>", "<climits>", "<iostream>", "<fstream>", "<random>", "<vector>", "<map>", "<set>"),
        *("<string>", "<cstring>", "<tuple>", "<algorithm>", '"objects.h"', '"brianlib/common_math.h"'),
    )
)


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

    (directory / "prefix.h").write_text(PREFIX)
    # the largest first, at once and without the prefix, so that no core waits at either end
    largest, *others = sorted(sources, key=lambda source: -(directory / source).stat().st_size)
    objects = [f"{source}.o" for source in (largest, *others)]
    with ThreadPoolExecutor(workers) as pool:
        early = pool.submit(run, "-c", "-o", f"{largest}.o", largest)
        run("-x", "c++-header", "-o", "prefix.h.gch", "prefix.h")
        list(pool.map(lambda source: run("-include", "prefix.h", "-c", "-o", f"{source}.o", source), others))
        early.result()
    run("-o", "main", *objects)
    for leftover in (*objects, "prefix.h.gch"):
        (directory / leftover).unlink()
