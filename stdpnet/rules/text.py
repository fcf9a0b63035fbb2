"""Errors in a rule's text, found before anything compiles: syntax, unknown names, names that Brian2 reserves."""

import ast
import re
from collections.abc import Iterator

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.rules.rule import Rule


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Functions that Brian2's text may call.
FUNCTIONS = _names(
    "abs arccos arcsin arctan ceil clip cos cosh exp expm1 exprel floor int log log10 log1p poisson rand randn sign "
    "sin sinh sqrt tan tanh timestep"
)
#: Names that stand everywhere: time, numbers, units.
EVERYWHERE = FUNCTIONS | _names(
    "t dt t_in_timesteps i j N pi e inf True False second ms us mV volt uV Hz kHz hertz metre radian"
)
#: Variables of the neurons, besides traces: of the input pixels and of the excitatory neurons.
PRE = _names(
    "drive arrival due draws presentation mean_interval seed stream first_intensity window_steps slot_steps step image "
    "repetition"
)
POST = _names(
    "v ge gi g_own g_pool theta refractory_left tau_m v_rest v_reset v_threshold e_excitatory e_inhibitory tau_ge "
    "refractory_time theta_offset theta_plus tau_theta"
)
#: What each side is called in an error, its variables, and the ending of its traces in synaptic statements.
SIDES = {"pre": ("the input", PRE), "post": ("the neuron", POST)}

#: Nodes of Python's grammar that are Brian2's as well.
GRAMMAR = (
    *(ast.Module, ast.Expression, ast.Assign, ast.AugAssign, ast.Name, ast.Constant, ast.Call, ast.expr_context),
    *(ast.BinOp, ast.operator, ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop),
)
#: Characters of a text that an error repeats.
LONGEST = 80

EQUATION = re.compile(r"\s*(?:d(?P<trace>\w+)\s*/\s*dt\s*=|(?P<name>\w+)\s*=|(?P<bare>\w+)\s*$)(?P<right>.*)$", re.S)


def check_text(rule: Rule) -> None:
    """Check the text of a rule.

    Parameters
    ----------
    rule : Rule

    Raises
    ------
    ConfigError
        Naming rule, field and line, what was found and what may stand there.

    Examples
    --------
    >>> check_text(Rule("grow", "this example", on_post="w = clip(w + 0.1, 0, w_max)"))
    >>> try:
    ...     check_text(Rule("grow", "this example", on_post="w += rate"))
    ... except ConfigError as error:
    ...     print(error)
    rule 'grow', on_post, line 1: unknown name 'rate' in 'w += rate'; expected w, w_max, or a function such as exp
    """
    _check_constants(rule)
    traces = {side: _traces(rule, side) for side in SIDES}
    for side in SIDES:
        about, variables = SIDES[side]
        own, other = traces[side], traces["post" if side == "pre" else "pre"] - traces[side]
        known = own | variables
        hints = dict.fromkeys(other, f"it is a trace of the other side, which {side}_spike does not reach")
        for field, lines in (
            (f"{side}_traces", _equations(rule, side)),
            (f"{side}_spike", _assignments(rule, f"{side}_spike")),
        ):
            _check_lines(rule, field, lines, known, _listed(rule, sorted(own)), hints)
        for name in sorted(own & (variables | EVERYWHERE | {"w", "w_max"})):
            raise ConfigError(f"rule {rule.name!r}, {side}_traces: {name!r} is a name of {about}; choose another")
    seen = {f"{name}_{side}" for side in SIDES for name in traces[side]}
    behind = {f"{name}_{side}" for side in SIDES for name in SIDES[side][1]} | traces["post"] | POST
    hints = {name: f"it is a trace of the input: write {name}_pre" for name in traces["pre"] - traces["post"]}
    for field in ("on_pre", "on_post"):
        expected = _listed(rule, ["w", "w_max", *sorted(seen)])
        _check_lines(rule, field, _assignments(rule, field), {"w", "w_max"} | seen | behind, expected, hints)


def _listed(rule: Rule, names: list[str]) -> str:
    return ", ".join([*names, *rule.constants, "or a function such as exp"])


def _check_constants(rule: Rule) -> None:
    synaptic = rule.constants_in(rule.on_pre, rule.on_post)
    for name in rule.constants:
        start = f"constant {name!r} of rule {rule.name!r}"
        if not name.isidentifier():
            raise ConfigError(f"{start}: expected a name of letters, digits and underscores")
        if name.endswith(("_pre", "_post")):
            raise ConfigError(f"{start}: names that end in _pre or _post stand for traces; give it another")
        if name in EVERYWHERE | {"w", "w_max"} or (name in PRE | POST and name in synaptic):
            raise ConfigError(f"{start} has the name of something else in the network; give it another")
        for field in ("pre_traces", "pre_spike", "post_traces", "post_spike"):
            if name in synaptic and name in rule.constants_in(getattr(rule, field)):
                at = "on_pre" if name in rule.constants_in(rule.on_pre) else "on_post"
                raise ConfigError(
                    f"{start} stands in {field} and in {at}, and Brian2 takes no name for a neuron and a synapse at "
                    f"once: declare it twice, the second as {name}_syn"
                )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each statement, without comments."""
    for number, line in enumerate(text.strip("\n").splitlines(), 1):
        for statement in line.split("#")[0].split(";"):
            if statement.strip():
                yield number, statement.strip()


def _assignments(rule: Rule, field: str) -> list[tuple[int, str, str, str]]:
    """Return of each statement its line, its text, what it assigns (with = if it may be new), and the right side."""
    found = []
    for number, text in _lines(getattr(rule, field)):
        match _parsed(text, "exec"):
            case ast.Module(body=[ast.Assign(targets=[ast.Name(id=name)], value=value)]):
                found.append((number, text, f"{name}=", ast.unparse(value)))
            case ast.Module(body=[ast.AugAssign(target=ast.Name(id=name), value=value)]):
                found.append((number, text, name, ast.unparse(value)))
            case _:
                raise ConfigError(
                    f"rule {rule.name!r}, {field}, line {number}: {text[:LONGEST]!r} is no assignment; expected one "
                    f"such as {'w = clip(w + rate, 0, w_max)' if field.startswith('on') else 'x += 1'}"
                )
    return found


def _equations(rule: Rule, side: str) -> list[tuple[int, str, str, str]]:
    """Return of each equation its line, its text, nothing (it assigns nothing), and the right-hand side."""
    found, pending, begun = [], "", 0
    for number, line in enumerate(getattr(rule, f"{side}_traces").strip("\n").splitlines(), 1):
        begun = begun if pending.strip() else number
        pending += " " + line.split("#")[0].strip()
        if ":" in pending:  # an equation may go over several lines; its unit ends it
            left, _, _ = pending.partition(":")
            equation = EQUATION.match(left)
            right = equation["right"] if equation else "?"
            if not equation or (not equation["bare"] and _parsed(right.strip(), "eval") is None):
                pending += " "
                break
            found.append((begun, left.strip(), "", right.strip() or "0"))
            pending = ""
    if pending.strip():
        raise ConfigError(
            f"rule {rule.name!r}, {side}_traces, line {begun}: {pending.strip()[:LONGEST]!r} is no equation; expected "
            "one such as dx/dt = -x / tau : 1"
        )
    return found


def _traces(rule: Rule, side: str) -> set[str]:
    matches = (EQUATION.match(left) for _, left, _, _ in _equations(rule, side))
    return {found["trace"] or found["name"] or found["bare"] for found in matches if found}


def _parsed(text: str, mode: str) -> ast.AST | None:
    try:
        tree = ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if all(isinstance(node, GRAMMAR) for node in ast.walk(tree)) else None


def _check_lines(
    rule: Rule,
    field: str,
    lines: list[tuple[int, str, str, str]],
    known: set[str] | frozenset[str],
    expected: str,
    hints: dict[str, str],
) -> None:
    known = set(known) | EVERYWHERE | set(rule.constants)
    for number, text, target, right in lines:
        where = f"rule {rule.name!r}, {field}, line {number}"
        if target.rstrip("=") in rule.constants:
            raise ConfigError(f"{where}: {text!r} changes the constant {target.rstrip('=')!r}; expected a trace or w")
        names = [node.id for node in ast.walk(ast.parse(right, mode="eval")) if isinstance(node, ast.Name)]
        names += [target] if target and not target.endswith("=") else []
        names += [target[:-1]] if target[:-1] in hints else []
        for name in names:
            if name not in known:
                what = hints.get(name) or f"expected {expected}"
                near = "" if name in hints else did_you_mean(name, known - PRE - POST)
                raise ConfigError(f"{where}: unknown name {name!r}{near} in {text[:LONGEST]!r}; {what}")
        known |= {target[:-1]} if target.endswith("=") else set()
