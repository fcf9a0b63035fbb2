"""What a report can say, and why it cannot say the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from stdpnet.base.errors import StdpnetError

Found = TypeVar("Found")
Given = ParamSpec("Given")


@dataclass(frozen=True)
class Tried(Generic[Found]):
    """A part of a report.

    Attributes
    ----------
    found : object or None
    why : str
        Why there is none, in one line.
    """

    found: Found | None
    why: str = ""


def tried(read: Callable[Given, Found], *arguments: Given.args, **named: Given.kwargs) -> Tried[Found]:
    """Return what a function returns, or the error that a user can cause.

    Parameters
    ----------
    read : callable
    *arguments, **named
        Its own.

    Examples
    --------
    >>> from stdpnet.experiments.stdp.run_folder import RunFolder
    >>> tried(RunFolder("nowhere").checkpoint).why
    'nowhere/checkpoint.npz: no such file; expected a run folder made by stdpnet train'
    """
    try:
        return Tried(read(*arguments, **named))
    except StdpnetError as error:
        return Tried(None, " ".join(str(error).split()))
