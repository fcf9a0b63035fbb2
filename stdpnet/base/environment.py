"""What a run was made with: versions, commit, machine, command."""

import importlib.metadata
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stdpnet.base.errors import ConfigError

PACKAGES = ("stdpnet", "brian2", "numpy", "scikit-learn", "joblib", "matplotlib", "mlxtend")


def describe(seed: int, backend: str) -> dict[str, Any]:
    """Return the environment as plain data for ``environment.json``.

    Parameters
    ----------
    seed : int
        Of the run.
    backend : str
        The simulator that it uses, never ``auto``.

    Returns
    -------
    dict of str to str, int, bool, dict or None
        ``command``, ``seed``, ``backend``, ``started`` (UTC), ``python``, ``versions`` (of `PACKAGES`, None where one
        is not installed), ``git_commit`` and ``git_dirty`` (None outside a checkout), ``platform``, ``processor``.

    Examples
    --------
    >>> describe(seed=1, backend="numpy")["seed"]
    1
    """
    return {
        "command": command_line(),
        "seed": seed,
        "backend": backend,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "versions": versions(PACKAGES),
        **checkout(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
    }


def check_workers(name: str, number: int) -> None:
    """Check a number of processes.

    Parameters
    ----------
    name : str
        Of the parameter, for the error.
    number : int
        -1 means one for each core.

    Raises
    ------
    ConfigError
        When it is neither -1 nor 1 to 64, or four for each core where that is more.

    Examples
    --------
    >>> check_workers("workers", 4)
    """
    most = max(64, 4 * (os.cpu_count() or 1))
    if number != -1 and not 1 <= number <= most:
        raise ConfigError(f"{name} is {number}; expected at least 1 and at most {most}, or -1 for one on each core")


def command_line() -> str:
    """Return the command that started this process, as one would type it."""
    program = Path(sys.argv[0])
    if program.name == "stdpnet":
        return shlex.join(["stdpnet", *sys.argv[1:]])
    python = Path(sys.executable).name
    if program.name == "__main__.py" and program.parent.name == "stdpnet":
        return shlex.join([python, "-m", "stdpnet", *sys.argv[1:]])
    return shlex.join([python, *sys.argv])


def versions(packages: Iterable[str]) -> dict[str, str | None]:
    """Return the versions of installed packages, without loading them; None for one that is not installed."""
    return {name: _version(name) for name in packages}


def checkout() -> dict[str, Any]:
    """Return commit and state of the checkout that stdpnet runs from.

    Returns
    -------
    dict
        ``git_commit`` and ``git_dirty``, whether there are changes; both None where stdpnet is installed, even if it
        is so within another project's checkout.
    """
    if _git("ls-files", "--error-unmatch", Path(__file__).name) is None:
        return {"git_commit": None, "git_dirty": None}
    return {"git_commit": _git("rev-parse", "HEAD"), "git_dirty": bool(_git("status", "--porcelain"))}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
