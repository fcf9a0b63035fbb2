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
    """Return the folder of the compiled network, compiling it when the cache does not hold it.

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
    if (folder / "manifest.json").exists():
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
        if not (folder / "manifest.json").exists():
            if announce:
                what = "training" if spec.plastic else "frozen"
                announce(f"compiling the {what} network (once; kept in {folder})")
            _compile_into(folder, spec, announce)
    return folder


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
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
