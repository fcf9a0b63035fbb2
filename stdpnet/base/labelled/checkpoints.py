"""Taking over the checkpoint of a training with labels, or saying that it does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager

from stdpnet.base.errors import RunFolderError


@contextmanager
def fitting() -> Iterator[None]:
    """Turn what goes wrong in a ``with`` block, while a checkpoint is taken over, into one error.

    Raises
    ------
    RunFolderError
        When the checkpoint does not fit.

    Examples
    --------
    >>> with fitting():
    ...     {"epoch": 3}["best"]
    Traceback (most recent call last):
    stdpnet.base.errors.RunFolderError: the checkpoint does not fit the network (KeyError: 'best'); train anew in ...
    """
    try:
        yield
    except (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        raise RunFolderError(
            f"the checkpoint does not fit the network ({what}); train anew in another folder"
        ) from None
