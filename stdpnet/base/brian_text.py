"""Brian2's text, read before anything compiles: equations, statements, and the names in them."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stdpnet.base.errors import ConfigError, did_you_mean


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


#: Functions that Brian2's text may call.
FUNCTIONS = words(
    "abs arccos arcsin arctan ceil clip cos cosh exp expm1 exprel floor int log log10 log1p poisson rand randn sign "
    "sin sinh sqrt tan tanh timestep"
)
#: Names that stand everywhere: time, numbers, units.
EVERYWHERE = FUNCTIONS | words(
    "t dt t_in_timesteps i j N pi e inf True False second ms us mV volt uV Hz kHz hertz metre radian"
)
#: Nodes of Python's grammar that are Brian2's as well.
GRAMMAR = (
    *(ast.Module, ast.Expression, ast.Assign, ast.AugAssign, ast.Name, ast.Constant, ast.Call, ast.expr_context),
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop),
)
#: Characters of a text that an error repeats.
LONGEST = 80

EQUATION = re.compile(r"\s*(?:d(?P<trace>\w+)\s*/\s*dt\s*=|(?P<name>\w+)\s*=|(?P<bare>\w+)\s*$)(?P<right>.*)$", re.S)


@dataclass(frozen=True)
class Line:
    """A statement, or an equation.

    Attributes
    ----------
    number : int
        Of the line in its text, from 1.
    text : str
        As it stands there, an equation without its unit.
    right : str
        What is on its right-hand side; "0" of a parameter.
    """

    number: int
    text: str
    right: str


@dataclass(frozen=True)
class Statement(Line):
    """An assignment.

    Attributes
    ----------
    name : str
        What it assigns.
    new : bool
        Whether it may be the first to do so: ``=``, but not ``+=``.
    """

    name: str
    new: bool


@dataclass(frozen=True)
class Equation(Line):
    """An equation.

    Attributes
    ----------
    name : str
        The variable that it is for.
    state : bool
        Whether the variable is kept from step to step: ``dx/dt = ... : 1`` or ``x : 1``, but not ``x = ... : 1``.
    unit : str
        What stands after the colon.
    """

    name: str
    state: bool
    unit: str


def statements(text: str, where: str, example: str) -> list[Statement]:
    """Return the statements of a text.

    Parameters
    ----------
    text : str
    where, example : str
        What an error begins with, and what it says was expected.

    Raises
    ------
    ConfigError
        When a line is no assignment.

    Examples
    --------
    >>> [(line.name, line.right, line.new) for line in statements("x += 1; y = 2  # set", "here", "x = 1")]
    [('x', '1', False), ('y', '2', True)]
    """
    found = []
    for number, line in _lines(text):
        match parsed(line, "exec"):
            case ast.Module(body=[ast.Assign(targets=[ast.Name(id=name)], value=value)]):
                found.append(Statement(number, line, ast.unparse(value), name, True))
            case ast.Module(body=[ast.AugAssign(target=ast.Name(id=name), value=value)]):
                found.append(Statement(number, line, ast.unparse(value), name, False))
            case _:
                raise ConfigError(
                    f"{where}, line {number}: {line[:LONGEST]!r} is no assignment; expected one such as {example}"
                )
    return found


def equations(text: str, where: str, example: str) -> list[Equation]:
    """Return the equations of a text; errors are those of `statements`.

    Parameters
    ----------
    text : str
    where, example : str
        As in `statements`.

    Examples
    --------
    >>> [(line.name, line.right, line.unit) for line in equations("dx/dt = -x / tau : 1", "here", "dx/dt = ...")]
    [('x', '-x / tau', '1')]
    """
    found, pending, begun = [], "", 0
    for number, line in enumerate(text.strip("\n").splitlines(), 1):
        begun = begun if pending.strip() else number
        pending += " " + line.split("#")[0].strip()
        if ":" in pending:  # an equation may go over several lines; its unit ends it
            left, _, unit = pending.partition(":")
            equation = EQUATION.match(left)
            right = equation["right"] if equation else "?"
            if not equation or (not equation["bare"] and parsed(right.strip(), "eval") is None):
                pending += " "
                break
            name = equation["trace"] or equation["name"] or equation["bare"]
            found.append(Equation(begun, left.strip(), right.strip() or "0", name, not equation["name"], unit.strip()))
            pending = ""
    if pending.strip():
        raise ConfigError(
            f"{where}, line {begun}: {pending.strip()[:LONGEST]!r} is no equation; expected one such as {example}"
        )
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each statement, without comments."""
    for number, line in enumerate(text.strip("\n").splitlines(), 1):
        for statement in line.split("#")[0].split(";"):
            if statement.strip():
                yield number, statement.strip()


def parsed(text: str, mode: str) -> ast.AST | None:
    """Return the tree of an expression ("eval") or of statements ("exec"), None where it is none of Brian2's."""
    try:
        tree = ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if all(isinstance(node, GRAMMAR) for node in ast.walk(tree)) else None


def names_in(expression: str) -> list[str]:
    """Return the names in an expression, in the order of its tree."""
    return [node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)]


def check_names(
    lines: Sequence[Line],
    where: str,
    known: Collection[str],
    expected: str,
    hints: Mapping[str, str],
    far: Collection[str],
) -> None:
    """Check that every name in a text is known. A statement may make a new one, for those after it.

    Parameters
    ----------
    lines : sequence of Statement or Equation
    where : str
        What an error begins with.
    known : set of str
        Besides those that stand everywhere.
    expected : str
        What an error says may stand there.
    hints : dict of str to str
        What an error says instead, by a name that may not stand there.
    far : set of str
        Known names that an error does not propose in place of a misspelt one.

    Raises
    ------
    ConfigError
        Naming the line and the name.

    Examples
    --------
    >>> lines = statements("x += rate", "here", "x = 1")
    >>> try:
    ...     check_names(lines, "here", {"x", "rat"}, "x, or rat", {}, set())
    ... except ConfigError as error:
    ...     print(error)
    here, line 1: unknown name 'rate' (did you mean 'rat'?) in 'x += rate'; expected x, or rat
    """
    known = (set(known) | EVERYWHERE) - set(hints)
    for line in lines:
        found = names_in(line.right)
        if isinstance(line, Statement) and (line.name in hints or not line.new):
            found.append(line.name)
        for name in found:
            if name not in known:
                what = hints.get(name) or f"expected {expected}"
                near = "" if name in hints else did_you_mean(name, known - set(far))
                raise ConfigError(
                    f"{where}, line {line.number}: unknown name {name!r}{near} in {line.text[:LONGEST]!r}; {what}"
                )
        if isinstance(line, Statement):
            known.add(line.name)
