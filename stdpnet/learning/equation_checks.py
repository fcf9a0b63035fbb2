"""Errors in equations of one's own, found before anything compiles: what was found, and what may stand there."""

from collections.abc import Collection, Iterable

from stdpnet.base.brian_text import (
    EVERYWHERE,
    Equation,
    Line,
    Statement,
    check_names,
    equations,
    names_in,
    parsed,
    statements,
    words,
)
from stdpnet.base.errors import ConfigError
from stdpnet.learning.equations import OWNER, STANDARD, Equations
from stdpnet.network.neurons import Excitatory, Inhibitory, constants_of

#: Units of variables, and those that may stand in the text beside the ones of rules.
UNITS_OF_VARIABLES = words("volt amp siemens farad ohm second hertz Hz metre")
ELECTRICAL = words("amp nA pA siemens nS uS farad pF nF ohm Mohm")

#: Variables that keep their equation.
FIXED = {
    "g_pool": "it is the conductance of the pool: write equations.pool",
    "theta": "it learns: see theta_plus and tau_theta",
}
#: Names of what stands beside a neuron's own variables.
TAKEN = words(
    "w w_max weight weight_sum weights_changed weights_over weight_total weight_unit delay delay_steps lastspike "
    "not_refractory g_pool theta theta_plus tau_theta"
)
NOISE = "noise of its own would not follow from the seed"
CLOCK = "time does not begin alike in every batch"
LEARNS = "it belongs to learning, and a frozen network has none"
#: What may not stand in the text of neurons, and why.
REFUSED = {
    **dict.fromkeys(("rand", "randn", "poisson", "xi"), NOISE),
    **dict.fromkeys(("t", "t_in_timesteps", "timestep"), CLOCK),
    **dict.fromkeys(("theta_plus", "tau_theta", "weight_sum", "weights_changed", "weights_over"), LEARNS),
}
RESERVED = EVERYWHERE | ELECTRICAL | TAKEN | set(REFUSED)


def check_equations(own: Equations) -> None:
    """Check equations of one's own.

    Parameters
    ----------
    own : Equations

    Raises
    ------
    ConfigError
        Naming field and line, what was found and what may stand there.

    Examples
    --------
    >>> try:
    ...     check_equations(Equations(excitatory="da/dt = -a / pace : volt"))
    ... except ConfigError as error:
    ...     print(error)
    equations.excitatory, line 1: unknown name 'pace' in 'da/dt = -a / pace'; expected a, or a function such as exp
    """
    if own.inhibitory_neurons == 0 and any(own.texts("inhibitory")):
        raise ConfigError("equations.inhibitory_neurons is 0, and there are equations of inhibitory neurons")
    used = {name for part in STANDARD for name in own.constants_of(part)}
    for name in own.constants:
        start = f"constant {name!r} of {OWNER}"
        if not name.isidentifier() or name.startswith("_") or name.endswith(("_pre", "_post")):
            raise ConfigError(
                f"{start}: expected a name of letters, digits and underscores that neither starts with an underscore "
                "nor ends in _pre or _post"
            )
        if name not in used:
            raise ConfigError(f"{start} stands in none of their texts: leave it out")
    for part in STANDARD:
        _check_part(own, part)


def own_names(own: Equations) -> set[str]:
    """Return the names of the variables that they add to the excitatory neurons, and of their constants."""
    return {line.name for line in own.equations("excitatory")} | set(own.constants)


def _check_part(own: Equations, part: str) -> None:
    standard = {line.name: line for line in equations(STANDARD[part].model, part, "")}
    mine, constants = own.equations(part), own.constants_of(part)
    fixed = _constants(part)
    for line in mine:
        _check_variable(line, f"equations.{part}, line {line.number}", standard, fixed)
    for name in (line.name for line in mine):
        if [line.name for line in mine].count(name) > 1:
            raise ConfigError(f"equations.{part}: {name!r} has two equations; expected one")
    variables = {line.name for line in mine} | set(standard) - fixed
    for name in constants:
        if name in variables | fixed | RESERVED:
            raise ConfigError(f"constant {name!r} of {OWNER} has the name of something else; give it another")
    states = (variables - set(FIXED)) - {line.name for line in [*standard.values(), *mine] if not line.state}
    states |= set(own.states(part))
    known, expected = variables | fixed | set(constants), sorted({line.name for line in mine} | set(constants))

    def check(field: str, lines: Iterable[Line], known: set[str], expected: Collection[str]) -> None:
        listed = ", ".join([*expected, "or a function such as exp"])
        check_names([*lines], f"equations.{field}", known | ELECTRICAL, listed, REFUSED, ELECTRICAL)

    check(part, mine, known, expected)
    condition = getattr(own, f"{part}_threshold", "")
    if condition:
        check(f"{part}_threshold", [_condition(condition, f"equations.{part}_threshold")], known, expected)
    spike = statements(getattr(own, f"{part}_spike", ""), f"equations.{part}_spike", "v = v_reset")
    _check_assigned(spike, f"equations.{part}_spike", states, known)
    check(f"{part}_spike", spike, known, expected)
    if part == "excitatory":
        arrival = statements(own.arrival, "equations.arrival", "ge_post += weight")
        known, states = ({*names, *(f"{name}_post" for name in names)} for names in (known, states))
        known |= {"w", "weight"}
        _check_assigned(arrival, "equations.arrival", states, known)
        check("arrival", arrival, known, ["w", "weight", *(f"{name}_post" for name in own.states(part)), *constants])


def _constants(part: str) -> set[str]:
    """Return the names of a part's standard constants."""
    if part == "pool":
        return {"tau_gi"}
    return set(constants_of(Excitatory if part == "excitatory" else Inhibitory, learning=False))


def _check_variable(line: Equation, where: str, standard: dict[str, Equation], fixed: set[str]) -> None:
    name, before = line.name, standard.get(line.name)
    if name in FIXED:
        raise ConfigError(f"{where}: {name!r} keeps its equation; {FIXED[name]}")
    if name in fixed:
        raise ConfigError(f"{where}: {name!r} is a constant, with a value in the configuration; choose another name")
    if before is None and (name in RESERVED or name.startswith("_") or name.endswith(("_pre", "_post"))):
        raise ConfigError(f"{where}: {name!r} is the name of something else; choose another")
    if before and before.unit != line.unit:
        raise ConfigError(f"{where}: {name!r} has unit {line.unit!r}; expected {before.unit!r}, as in the network")
    if before and before.state and not line.state:
        raise ConfigError(f"{where}: {line.text!r} keeps nothing from step to step; expected d{name}/dt = ...")
    if parsed(line.unit, "eval") is None or set(names_in(line.unit)) - UNITS_OF_VARIABLES:
        units = ", ".join(sorted(UNITS_OF_VARIABLES))
        raise ConfigError(f"{where}: {name!r} has unit {line.unit!r}; expected 1, or one made of {units}")


def _condition(text: str, where: str) -> Line:
    if parsed(text.strip(), "eval") is None:
        raise ConfigError(f"{where}: {text!r} is no condition; expected one such as v > v_threshold")
    return Line(1, text.strip(), text.strip())


def _check_assigned(lines: Iterable[Statement], where: str, states: set[str], known: set[str]) -> None:
    for line in lines:
        if line.name in known | set(FIXED) and line.name not in states:
            raise ConfigError(
                f"{where}, line {line.number}: {line.text!r} changes {line.name!r}; expected one of "
                f"{', '.join(sorted(states))}, or a name of its own"
            )
