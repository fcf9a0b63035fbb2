"""Several threads in a time step: which operations they share, and where in the step one waits for another.

Neurons are dealt out: a thread owns their state, their traces, and their columns of weights. An operation that touches
nothing else but what all of its neurons only read is shared: each thread does it for its own. All other operations are
done by the first thread alone. Since every number is computed by one thread in the order of a single one, results are
the same to the bit for any number of threads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stdpnet.simulation.device.operations import Operation

#: Neurons that stay together.
BLOCK = 64
#: Of these, what the first thread does alone is worth: so many fewer are its own (measured, 784 inputs).
BLOCKS_FEWER = 6
#: As many as a program can have.
MOST_THREADS = 256


def with_gathering(operations: Iterable[Operation], events: Mapping[str, int]) -> list[Operation]:
    """Return the operations with those between that put the spikes of all parts one after the other.

    Parameters
    ----------
    operations : iterable of Operation
    events : dict of str to int
        Arrays of spikes, and the number of neurons that may have them.

    Returns
    -------
    list of Operation
        Each gathers what shared operations found before the first one that wants it.
    """
    made: list[Operation] = []
    waiting: set[str] = set()

    def gather(arrays: set[str]) -> None:
        made.extend(Operation(f"{array}, {events[array]}", written={array}) for array in sorted(arrays))
        waiting.difference_update(arrays)

    for item in operations:
        finds = {array for array in events if item.shared and array in item.written}
        gather(waiting & (item.read | item.written) - finds)
        made.append(item)
        waiting |= finds
    gather(set(waiting))
    return made


@dataclass(frozen=True)
class Wait:
    """What must have been done before an operation, by places in the step; -1 is nothing.

    Attributes
    ----------
    first : int
        The operation that the others wait for the first thread to have done.
    others : int
        The operation that the first thread waits for all others to have done.
    told : bool
        Whether somebody waits for this one.
    """

    first: int
    others: int
    told: bool


def waits(operations: Sequence[Operation]) -> list[Wait]:
    """Return which threads wait for which before each operation of a step.

    Parameters
    ----------
    operations : sequence of Operation
        In their order; before the first one and after the last one all threads have met.

    Returns
    -------
    list of Wait

    Examples
    --------
    >>> update = Operation("update", shared=True, own_written={"v"})
    >>> reset, count = Operation("reset", written={"v"}), Operation("count", written={"n"})
    >>> for wait in waits([update, count, reset, update]):
    ...     print(wait)
    Wait(first=-1, others=-1, told=True)
    Wait(first=-1, others=-1, told=False)
    Wait(first=-1, others=0, told=True)
    Wait(first=2, others=-1, told=False)
    """
    by_first, by_others = [], []
    seen = {"first": -1, "others": -1}  # what all others know of the first thread, and it of them
    for place, item in enumerate(operations):
        before = [k for k in range(place) if operations[k].meets(item)]
        first = max((k for k in before if item.shared), default=-1)
        others = max((k for k in before if operations[k].shared), default=-1)
        by_first.append(first if first > seen["first"] else -1)
        by_others.append(others if others > seen["others"] or item.shared else -1)
        seen = {"first": max(first, seen["first"]), "others": max(others, seen["others"])}
    told = {*by_first, *by_others}
    return [
        Wait(first, others, place in told)
        for place, (first, others) in enumerate(zip(by_first, by_others, strict=True))
    ]


def reordered(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations in an order in which less is waited for, and the same is computed.

    What is shared, and what the others wait for, comes as early as it can; what the first thread would have to wait
    for, at its next wait. Operations change places only with such as neither touch what they change nor change what
    they touch.

    Examples
    --------
    >>> update = Operation("update", shared=True, read={"g"}, own_written={"v"})
    >>> find = Operation("find", shared=True, own_written={"spikes"})
    >>> decay, reset = Operation("decay", written={"g"}), Operation("reset", written={"v", "spikes"})
    >>> [item.call for item in reordered([update, decay, find, reset])]
    ['update', 'find', 'decay', 'reset']
    """
    made = list(operations)
    for item in operations:
        place = made.index(item)
        if item.shared or waits(made)[place].told:
            while place > 0 and not item.meets(made[place - 1]) and not (item.shared and made[place - 1].shared):
                place -= 1
            made.remove(item)
            made.insert(place, item)
    for item in operations:
        place = made.index(item)
        others = [wait.others for wait in waits(made)]
        if item.shared or others[place] < 0:
            continue
        later = next((k for k in range(place + 1, len(made)) if others[k] >= 0), None)
        if later and not any(item.meets(other) for other in made[place + 1 : later]):
            made.insert(later - 1, made.pop(place))
    return made


def added(network: str, clock: str, operations: Sequence[Operation]) -> list[str]:
    """Return the lines of C++ that add operations to a network.

    Parameters
    ----------
    network, clock : str
        Their names in the program.
    operations : sequence of Operation
    """
    ordered = reordered(operations)
    return [
        f"{network}.add(&{clock}, {item.call}, {int(item.shared)}, {wait.first}, {wait.others}, {int(wait.told)});"
        for item, wait in zip(ordered, waits(ordered), strict=True)
    ]
