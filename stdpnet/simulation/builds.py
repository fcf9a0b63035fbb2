"""Compiled networks, kept in the user's cache folder under a key of everything compiled in."""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

import stdpnet.network
import stdpnet.simulation
from stdpnet.base.errors import SimulationError
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation import compiler

#: Beside a compiled network, written last: SHA-256 of what is read when it runs.
CHECKSUMS = "checksums.json"

#: Builds that were found whole in this process.
_whole: set[Path] = set()

#: How the line starts that says why Brian2's own, slower device was used.
FALLBACK = "slower plain C++ code"


def cache_folder() -> Path:
    """Return the folder that keeps compiled networks."""
    return Path(platformdirs.user_cache_dir("stdpnet")) / "builds"


def compiled_text(spec: NetworkSpec) -> dict[str, Any]:
    """Return the part of a spec that is compiled in: all but the values of the rule's constants."""
    data = spec.to_dict()
    data["rule"]["constants"] = {name: constant["unit"] for name, constant in data["rule"]["constants"].items()}
    del data["rule"]["name"], data["rule"]["source"]
    return data


def key(spec: NetworkSpec) -> str:
    """Return the build key of a `NetworkSpec` with this compiler, processor, Brian2 and stdpnet: 24 hex digits.

    Raises
    ------
    SimulationError
        When there is no C++ compiler.
    """
    found = compiler.require_compiler()
    digest = hashlib.sha256()
    parts = [compiled_text(spec), compiler.identity(found), importlib.metadata.version("brian2")]
    digest.update(json.dumps(parts, sort_keys=True).encode())
    for package in (stdpnet.network, stdpnet.simulation):
        sources = Path(str(package.__file__)).parent.rglob("*")
        for source in sorted(source for source in sources if source.suffix in (".py", ".cpp")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:24]


def build(spec: NetworkSpec, announce: Callable[[str], None] | None = None) -> Path:
    """Return the folder of the compiled network, compiling it when the cache does not hold it whole.

    Several processes may ask at once: one compiles, the others wait for it.

    Parameters
    ----------
    spec : NetworkSpec
    announce : callable, optional
        Called with one line of text before a compilation starts.

    Returns
    -------
    Path

    Raises
    ------
    SimulationError
        When generating or compiling the code fails, or the cache takes no files.
    """
    folder = cache_folder() / key(spec)
    if is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise SimulationError(
            f"cannot keep compiled networks in {folder.parent}: set XDG_CACHE_HOME to a folder that takes files"
        )
    with FileLock(f"{folder}.lock"):
        if not is_whole(folder):
            if announce:
                what = "training" if spec.plastic else "frozen"
                why = "damaged, so once more" if folder.exists() else "once"
                announce(f"compiling the {what} network ({why}; kept in {folder})")
            _compile_into(folder, spec, announce)
    return folder


def is_whole(folder: Path) -> bool:
    """Tell whether a build is there and undamaged; its files are read once in a process."""
    file = folder / CHECKSUMS
    if folder in _whole and file.exists():
        return True
    try:
        whole = json.loads(file.read_text()) == checksums(folder) and os.access(folder / "main", os.X_OK)
    except (OSError, RecursionError, ValueError):
        return False
    if whole:
        _whole.add(folder)
    return whole


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that is read when a build runs, by its path in the folder."""
    read = [folder / "main", folder / "manifest.json", *sorted((folder / "static_arrays").glob("*"))]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in read}


def _compile_into(folder: Path, spec: NetworkSpec, announce: Callable[[str], None] | None) -> None:
    """Compile in a folder of another name, which gets its own only when it is whole."""
    unfinished = folder.with_suffix(f".{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        request = unfinished / "spec.json"
        request.write_text(json.dumps(spec.to_dict()))
        command = [sys.executable, "-m", "stdpnet.simulation.code_generation", str(request), str(unfinished)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SimulationError(f"could not compile the network:\n{done.stderr[-3000:].strip()}")
        for line in done.stderr.splitlines():
            if announce and line.startswith(FALLBACK):
                announce(line)
        (unfinished / CHECKSUMS).write_text(json.dumps(checksums(unfinished)))
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
