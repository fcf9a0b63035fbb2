"""What each operation of a time step touches, from its generated text: elements of its own neurons, or any."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stdpnet.simulation.device.generated import WRITTEN

#: What generated code of a shared operation has in it (``templates/network.cpp``).
SHARED = "_part("
ARRAY = re.compile(r"_array_\w+")
GROWN = re.compile(r"_dynamic(_array_\w+)\.(?:push_back|resize|assign)\b")
#: Calls of Brian2's own queue of spikes: what one operation puts in, another takes out.
QUEUE = re.compile(r"\.(?:push|peek|advance)\(")


@dataclass(eq=False)
class Operation:
    """A function of the step.

    Attributes
    ----------
    call : str
        C++ arguments that add it to the network.
    shared : bool
        Whether each thread does its part.
    read, written : set of str
        Arrays of which it may touch any element.
    own_read, own_written : set of str
        Arrays of which each thread touches the elements of its own neurons only.
    """

    call: str
    shared: bool = False
    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    own_read: set[str] = field(default_factory=set)
    own_written: set[str] = field(default_factory=set)

    def meets(self, other: "Operation") -> bool:
        """Tell whether another thread's part of one may change what the other one touches."""
        mine, yours = self.read | self.written, other.read | other.written
        mine_own, yours_own = self.own_read | self.own_written, other.own_read | other.own_written
        if self.written & (yours | yours_own) or other.written & (mine | mine_own):
            return True
        if self.shared and other.shared:  # the owner of an element is the same thread in both
            return bool(self.own_written & yours or other.own_written & mine)
        return bool(self.own_written & (yours | yours_own) or other.own_written & (mine | mine_own))


def operation(name: str, code: str, owned: Mapping[str, bool]) -> Operation:
    """Return what a code object does, from its text.

    Parameters
    ----------
    name : str
    code : str
        The whole generated file.
    owned : dict of str to bool
        Arrays that do change in a run, and whether each belongs to the neurons that the code is dealt out by, one
        element for each neuron.

    Returns
    -------
    Operation

    Examples
    --------
    >>> text = "int _a = _part(400, _thread); _ptr_array_a_v[_idx] = _array_b_g[0];"
    >>> found = operation("x", text, {"_array_a_v": True, "_array_b_g": False})
    >>> found.shared, found.own_written, found.read
    (True, {'_array_a_v'}, {'_array_b_g'})
    """
    touched = set(ARRAY.findall(code)) & set(owned)
    changed = (written_in(code) | set(GROWN.findall(code))) & touched
    if QUEUE.search(code):
        changed.add("a queue")
    shared = SHARED in code
    own = {array for array in touched if shared and owned[array]}
    read, written = touched - changed, changed
    return Operation(f"_run_{name}", shared, read - own, written - own, read & own, written & own)


def written_in(code: str) -> set[str]:
    """Return the arrays of which generated code writes elements."""
    return {array for array, _ in WRITTEN.findall(code)}


def changing_arrays(arrays: Mapping[Any, str], codes: Iterable[str]) -> dict[str, Any]:
    """Return the variables that may change in a run, by array: all but constants that no code writes.

    Parameters
    ----------
    arrays : dict of Variable to str
        All of a device.
    codes : iterable of str
        The generated files of a step.
    """
    written = set().union(*map(written_in, codes))
    return {name: variable for variable, name in arrays.items() if not variable.constant or name in written}


def holds_events(variable: Any) -> bool:
    """Tell whether a variable is Brian2's list of the neurons that spiked, or had another event."""
    return variable.name.startswith("_") and variable.name.endswith("space")


def owned(variable: Any, owners: Collection[str]) -> bool:
    """Tell whether a variable has an element for each neuron, or synapse, of one of these groups."""
    owner = getattr(variable.owner, "name", None)
    return owner in owners and not variable.scalar and not holds_events(variable)
