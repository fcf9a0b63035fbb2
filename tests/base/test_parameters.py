"""Parameters: bounds and types, unknown names, and the laws of nested data."""

import math
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdpnet.base.errors import ConfigError
from stdpnet.base.parameters import construct, flat, group, merged, names_of, parameter, validate


@dataclass(frozen=True)
class Part:
    """A group of two parameters."""

    tau: float = parameter(20.0, "time constant", "ms", low=0.1)
    name: str = parameter("triplet", "of the rule")


@dataclass(frozen=True)
class Whole:
    """Parameters of each type, a group, and a field that is no parameter."""

    neurons: int = parameter(400, "neurons", low=1)
    delays: bool = parameter(True, "delays", role="run")
    part: Part = group()
    other: Any = None


WHOLE = Whole(part=Part())

WRONG = {
    "a bool is no int": ({"neurons": True}, "neurons is True; expected int"),
    "a float is no int": ({"neurons": 400.0}, "neurons is 400.0; expected int"),
    "an int is no bool": ({"delays": 1}, "delays is 1; expected bool"),
    "none": ({"neurons": None}, "neurons is None; expected int"),
    "below": ({"neurons": 0}, "neurons is 0; expected a finite number of at least 1"),
    "too many": ({"neurons": 2**31}, f"neurons is {2**31}; expected less than 2**31"),
    "a bool is no float": ({"part": Part(tau=True)}, "part.tau is True; expected float"),
    "text": ({"part": Part(tau="20")}, "part.tau is '20'; expected float"),
    "below in a group": ({"part": Part(tau=0.05)}, "part.tau is 0.05 ms; expected a finite number of at least 0.1 ms"),
    "not a number": ({"part": Part(tau=math.nan)}, "part.tau is nan ms; expected a finite number of at least 0.1 ms"),
    "infinite": ({"part": Part(tau=math.inf)}, "part.tau is inf ms; expected a finite number of at least 0.1 ms"),
    "a number is no text": ({"part": Part(name=3)}, "part.name is 3; expected str"),
}


@pytest.mark.parametrize("changes, message", WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_named_with_what_was_expected(changes, message):
    with pytest.raises(ConfigError) as caught:
        validate(replace(WHOLE, **changes))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "within, beyond, message",
    [
        ({"neurons": 1}, {"neurons": 0}, "neurons is 0; expected a finite number of at least 1"),
        ({"neurons": 2**31 - 1}, {"neurons": 2**31}, f"neurons is {2**31}; expected less than 2"),
        (
            {"part": Part(tau=0.1)},
            {"part": Part(tau=math.nextafter(0.1, 0))},
            "part.tau is 0.09999999999999999 ms; expec",
        ),
        ({"part": Part(tau=3)}, {"part": Part(tau="3")}, "part.tau is '3'; expected float"),
        (
            {"part": Part(tau=10**300)},
            {"part": Part(tau=10**400)},
            "0000 ms; expected a finite number of at least 0.1 ms",
        ),
        ({"other": []}, {"part": Part(name=[])}, "part.name is []; expected str"),
    ],
)
def test_values_at_the_bounds_pass_and_those_beyond_do_not(within, beyond, message):
    whole = replace(WHOLE, **within)
    before = repr(whole)
    validate(whole)
    assert repr(whole) == before
    with pytest.raises(ConfigError) as caught:
        validate(replace(whole, **beyond))
    assert message in str(caught.value)


def test_construct_keeps_the_defaults_of_what_is_not_given():
    assert construct(Whole, {"neurons": 100}) == Whole(neurons=100)
    assert construct(Whole, {}) == Whole()


@pytest.mark.parametrize(
    "data, message",
    [
        ({"tua": 1}, "unknown parameter part.tua (did you mean 'tau'?): expected one of name, tau"),
        ([1], "part is [1]; expected a table of Part parameters"),
        (None, "part is None; expected a table of Part parameters"),
    ],
)
def test_construct_refuses_unknown_names_and_what_is_no_table(data, message):
    with pytest.raises(ConfigError) as caught:
        construct(Part, data, "part.")
    assert str(caught.value) == message


def test_names_by_role():
    assert names_of(Whole, "run") == {"delays"}
    assert names_of(Whole, "model") == {"neurons"}
    assert names_of(Whole, "model", "run") == {"neurons", "delays"}


LEAVES = st.integers() | st.text(max_size=3) | st.none() | st.lists(st.integers(), max_size=2)
NAMES = st.text("abc", min_size=1, max_size=2)


def tables(leaves):
    """Return a strategy for nested tables, none of them empty."""
    return st.recursive(
        st.dictionaries(NAMES, leaves, min_size=1, max_size=3),
        lambda inner: st.dictionaries(NAMES, leaves | inner, min_size=1, max_size=3),
        max_leaves=8,
    )


def paths(data, before=()):
    """Yield the path and the value of every leaf."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from paths(value, (*before, name))
        else:
            yield (*before, name), value


@given(tables(LEAVES))
def test_flat_names_are_the_paths_of_the_leaves(data):
    assert flat(data) == {".".join(path): value for path, value in paths(data)}


@given(tables(LEAVES))
def test_merging_with_itself_or_with_nothing_changes_nothing(data):
    assert merged(data) == merged(data, data) == merged({}, data) == merged(data, {}) == data


@given(tables(LEAVES), tables(LEAVES), tables(LEAVES))
def test_merging_layers_at_once_or_two_and_one_is_the_same(a, b, c):
    assert merged(a, b, c) == merged(merged(a, b), c)


@given(tables(LEAVES), tables(LEAVES))
def test_what_the_later_layer_says_holds(a, b):
    before = repr((a, b))
    result = flat(merged(a, b))
    assert flat(b).items() <= result.items()
    assert result.keys() <= flat(a).keys() | flat(b).keys()
    assert repr((a, b)) == before  # the layers are left alone


@given(st.dictionaries(NAMES, LEAVES, max_size=4), st.dictionaries(NAMES, LEAVES, max_size=4))
def test_flat_tables_merge_as_dicts_do(a, b):
    assert merged(a, b) == {**a, **b}
