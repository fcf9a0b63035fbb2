"""Files with random damage: read or refused in one sentence, never a traceback, a hang or another weight."""

import signal
import warnings
import zlib

import numpy as np
import pytest
from changes import changed
from kinds import KINDS

from stdpnet.base.errors import StdpnetError
from stdpnet.datasets import notices

#: Changed files of each kind: in every run of the tests, and where all are asked for (-m slow).
FEW, ALL = 40, 10_000

#: Seconds after which a file is said to hang.
LONG = 20


class Hangs(Exception):
    """Reading took too long."""


def hang(*_):
    raise Hangs


def assert_never_wrong(kind, place, cases):
    """Assert that so many changed files of a kind are read as they were, or refused in one sentence."""
    made = KINDS[kind](place)
    whole, expected = made.path.read_bytes(), made.read()
    signal.signal(signal.SIGALRM, hang)
    rng, refused = np.random.default_rng(zlib.crc32(kind.encode())), 0
    for case in range(cases):
        content = changed(whole, rng)
        made.path.write_bytes(content)
        signal.setitimer(signal.ITIMER_REAL, LONG)
        try:
            found = made.read()
        except StdpnetError as error:
            refused += 1
            assert str(error).strip() and "\n" not in str(error), (case, str(error))
            continue
        except Exception as error:
            made.path.with_name("failed").write_bytes(content)
            raise AssertionError(f"{kind}, case {case}, {content[:300]!r}: {type(error).__name__}: {error}") from error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            notices.SAID.clear()
        if expected is not None:
            assert found.keys() == expected.keys(), case
            for name, array in expected.items():
                np.testing.assert_array_equal(found[name], array, err_msg=f"{kind}, case {case}")
    made.path.write_bytes(whole)
    made.read()
    return refused


@pytest.mark.parametrize("kind", KINDS)
def test_changed_files(kind, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert assert_never_wrong(kind, tmp_path, FEW) > 0.1 * FEW


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_changed_files(kind, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert assert_never_wrong(kind, tmp_path, ALL) > 0.1 * ALL
