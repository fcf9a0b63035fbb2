"""Packages that are asked for only where they are needed: PyTorch."""

import importlib.util

from stdpnet.base.errors import ConfigError


def has_torch() -> bool:
    """Tell whether PyTorch is installed, without loading it."""
    return importlib.util.find_spec("torch") is not None


def require_torch(what: str, otherwise: str = "") -> None:
    """Check that PyTorch is installed, without loading it.

    Parameters
    ----------
    what : str
        What needs it, the beginning of a sentence: ``"training a CNN"``.
    otherwise : str
        What could be done without it, such as ``"use --simulator brian2"``.

    Raises
    ------
    ConfigError
        When it is not installed.
    """
    if not has_torch():
        advice = f", or {otherwise}" if otherwise else ""
        raise ConfigError(f'PyTorch is not installed; {what} needs it: pip install "stdpnet[torch]"{advice}')
