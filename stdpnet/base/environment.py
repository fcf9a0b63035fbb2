"""What a run was made with: versions, commit, machine, command."""

import importlib.metadata
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
        "command": shlex.join([Path(sys.executable).name, *sys.argv]),
        "seed": seed,
        "backend": backend,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "git_commit": _git("rev-parse", "HEAD"),
        "git_dirty": None if _git("rev-parse", "HEAD") is None else bool(_git("status", "--porcelain")),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
    }


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
