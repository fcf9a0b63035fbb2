"""Brian2 in more than one thread: its preferences, device and names are those of the process, so threads take turns."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Held by whoever builds or runs a network in this process.
LOCK = threading.RLock()

_set_handler = signal.signal


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _set_handler_if_allowed(number: int, handler: Any) -> Any:
    return _set_handler(number, handler) if _in_main_thread() else signal.getsignal(number)


@contextmanager
def importing_brian2() -> Iterator[None]:
    """Let the ``with`` block import Brian2 in any thread.

    When it is imported, Brian2 sets a handler for Ctrl-C, which Python allows in the main thread alone. Elsewhere the
    handler stays as it is.
    """
    with LOCK:
        if "brian2" in sys.modules or _in_main_thread():
            yield
            return
        signal.signal = _set_handler_if_allowed  # type: ignore[assignment]
        try:
            yield
        finally:
            signal.signal = _set_handler
