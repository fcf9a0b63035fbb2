"""For doctests: pytest's own collector, in place of Brian2's, which stumbles over examples in an ``__init__.py``."""

import pytest
from _pytest import doctest

COLLECTOR = doctest.DoctestModule


@pytest.hookimpl(tryfirst=True)
def pytest_collect_file():
    """Undo before each file what ``import brian2`` does."""
    doctest.DoctestModule = COLLECTOR
