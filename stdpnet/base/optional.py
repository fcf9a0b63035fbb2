"""Packages that are asked for only where they are needed: PyTorch, and those of the other extras."""

import importlib.util

from stdpnet.base.errors import ConfigError

#: How packages are called, where not as they are imported.
NAMES = {"torch": "PyTorch"}


def has_torch() -> bool:
    """Tell whether PyTorch is installed, without loading it."""
    return importlib.util.find_spec("torch") is not None


def require(package: str, what: str, extra: str, otherwise: str = "") -> None:
    """Check that a package is installed, without loading it.

    Parameters
    ----------
    package : str
        As it is imported.
    what : str
        What needs it, the beginning of a sentence: ``"training a CNN"``.
    extra : str
        Of stdpnet, which installs it.
    otherwise : str
        What could be done without it, such as ``"use --simulator brian2"``.

    Raises
    ------
    ConfigError
        When it is not installed.
    """
    if importlib.util.find_spec(package) is None:
        advice = f", or {otherwise}" if otherwise else ""
        raise ConfigError(
            f'{NAMES.get(package, package)} is not installed; {what} needs it: pip install "stdpnet[{extra}]"{advice}'
        )


def require_torch(what: str, otherwise: str = "") -> None:
    """Check that PyTorch is installed; see `require`."""
    require("torch", what, "torch", otherwise)
