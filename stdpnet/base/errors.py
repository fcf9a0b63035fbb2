"""The package's exceptions: each message names the value, what was expected and what to do.

All are a `StdpnetError`, which is a `ValueError`: a program that catches one of these catches them all.
"""

import difflib
from collections.abc import Iterable


class StdpnetError(ValueError):
    """Base of every error that stdpnet raises on purpose.

    Examples
    --------
    >>> from stdpnet.datasets import load_dataset
    >>> try:
    ...     load_dataset("mnist-6k")
    ... except StdpnetError as error:
    ...     print(error)
    no data set 'mnist-6k' (did you mean 'mnist-5k'?): expected mnist-5k, mnist, cifar10, or the path of images
    """


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a hint for a message about a wrong name: the nearest known one, or nothing if none is near.

    Examples
    --------
    >>> did_you_mean("trian", ["train", "evaluate"]), did_you_mean("xyz", ["train", "evaluate"])
    (" (did you mean 'train'?)", '')
    """
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def root_cause(error: BaseException) -> str:
    """Return what an error is about: Brian2 wraps what is wrong with a rule in several others.

    Examples
    --------
    >>> try:
    ...     try:
    ...         1 / 0
    ...     except ZeroDivisionError as error:
    ...         raise RuntimeError("the network cannot be built") from error
    ... except RuntimeError as error:
    ...     print(root_cause(error))
    ZeroDivisionError: division by zero
    """
    while before := error.__cause__ or error.__context__:
        error = before
    return f"{type(error).__name__}: {error}"


class ConfigError(StdpnetError):
    """A parameter, or a combination of parameters, is not usable."""


class DataError(StdpnetError):
    """A data set is missing, damaged, or not of the declared shape."""


class RunFolderError(StdpnetError):
    """A run folder is missing, not writable, damaged, or holds another run."""


class ModelFileError(StdpnetError):
    """A model file is missing, damaged, of a newer format, or holds what no training brings about."""


class SimulationError(StdpnetError):
    """Compiling or running a network failed, or its state is not finite."""


class SilentNetworkError(SimulationError):
    """Most presentations brought no spikes even at the highest intensity."""


class CollapsedNetworkError(SimulationError):
    """Nothing can come of a training, which was stopped; its last checkpoint is whole."""


class ConversionError(StdpnetError):
    """A model cannot be converted into a spiking network, or a conversion is not usable."""
