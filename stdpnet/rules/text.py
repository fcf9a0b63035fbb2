"""Errors in a rule's text, found before anything compiles: syntax, unknown names, names that Brian2 reserves."""

from collections.abc import Collection, Mapping, Sequence

from stdpnet.base.brian_text import EVERYWHERE, Equation, Line, Statement, check_names, equations, statements, words
from stdpnet.base.errors import ConfigError
from stdpnet.rules.rule import Rule

#: Variables of the neurons, besides traces: of the input pixels and of the excitatory neurons.
PRE = words(
    "drive arrival due draws presentation mean_interval seed stream first_intensity window_steps slot_steps step image "
    "repetition"
)
POST = words(
    "v ge gi g_own g_pool theta refractory_left tau_m v_rest v_reset v_threshold e_excitatory e_inhibitory tau_ge "
    "refractory_time theta_offset theta_plus tau_theta weight_sum weights_changed weights_over"
)
#: What each side is called in an error.
SIDES = {"pre": "the input", "post": "the neuron"}


def check_text(rule: Rule, own: Collection[str] = frozenset()) -> None:
    """Check the text of a rule.

    Parameters
    ----------
    rule : Rule
    own : set of str
        Names that the user's own equations of the excitatory neurons add to theirs.

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
    variables = {"pre": PRE, "post": POST | set(own)}
    _check_constants(rule, variables, own)
    traces = {side: _traces(rule, side) for side in SIDES}
    for side, about in SIDES.items():
        mine, other = traces[side], traces["post" if side == "pre" else "pre"] - traces[side]
        hints = dict.fromkeys(other, f"it is a trace of the other side, which {side}_spike does not reach")
        for field, lines in (
            (f"{side}_traces", _equations(rule, side)),
            (f"{side}_spike", _statements(rule, f"{side}_spike")),
        ):
            _check_lines(rule, field, lines, mine | variables[side], _listed(rule, sorted(mine)), hints)
        for name in sorted(mine & (variables[side] | EVERYWHERE | {"w", "w_max"})):
            raise ConfigError(f"rule {rule.name!r}, {side}_traces: {name!r} is a name of {about}; choose another")
    seen = {f"{name}_{side}" for side in SIDES for name in traces[side]}
    behind = {f"{name}_{side}" for side in SIDES for name in variables[side]} | traces["post"] | variables["post"]
    hints = {name: f"it is a trace of the input: write {name}_pre" for name in traces["pre"] - traces["post"]}
    for field in ("on_pre", "on_post"):
        expected = _listed(rule, ["w", "w_max", *sorted(seen)])
        _check_lines(rule, field, _statements(rule, field), {"w", "w_max"} | seen | behind, expected, hints)


def _listed(rule: Rule, names: list[str]) -> str:
    return ", ".join([*names, *rule.constants, "or a function such as exp"])


def _check_constants(rule: Rule, variables: Mapping[str, Collection[str]], own: Collection[str]) -> None:
    synaptic = rule.constants_in(rule.on_pre, rule.on_post)
    for name in rule.constants:
        start = f"constant {name!r} of rule {rule.name!r}"
        if not name.isidentifier():
            raise ConfigError(f"{start}: expected a name of letters, digits and underscores")
        if name.endswith(("_pre", "_post")):
            raise ConfigError(f"{start}: names that end in _pre or _post stand for traces; give it another")
        taken = {*variables["pre"], *variables["post"]} if name in synaptic else own
        if name in EVERYWHERE | {"w", "w_max"} or name in taken:
            raise ConfigError(f"{start} has the name of something else in the network; give it another")
        for field in ("pre_traces", "pre_spike", "post_traces", "post_spike"):
            if name in synaptic and name in rule.constants_in(getattr(rule, field)):
                at = "on_pre" if name in rule.constants_in(rule.on_pre) else "on_post"
                raise ConfigError(
                    f"{start} stands in {field} and in {at}, and Brian2 takes no name for a neuron and a synapse at "
                    f"once: declare it twice, the second as {name}_syn"
                )


def _statements(rule: Rule, field: str) -> list[Statement]:
    example = "w = clip(w + rate, 0, w_max)" if field.startswith("on") else "x += 1"
    return statements(getattr(rule, field), _where(rule, field), example)


def _equations(rule: Rule, side: str) -> list[Equation]:
    field = f"{side}_traces"
    return equations(getattr(rule, field), _where(rule, field), "dx/dt = -x / tau : 1")


def _traces(rule: Rule, side: str) -> set[str]:
    return {line.name for line in _equations(rule, side)}


def _where(rule: Rule, field: str) -> str:
    return f"rule {rule.name!r}, {field}"


def _check_lines(
    rule: Rule, field: str, lines: Sequence[Line], known: Collection[str], expected: str, hints: dict[str, str]
) -> None:
    for line in lines:
        if isinstance(line, Statement) and line.name in rule.constants:
            raise ConfigError(
                f"{_where(rule, field)}, line {line.number}: {line.text!r} changes the constant {line.name!r}; "
                "expected a trace or w"
            )
    check_names(lines, _where(rule, field), {*known, *rule.constants}, expected, hints, PRE | POST)
