"""What a plasticity rule is: equations and statements as Brian2 text, and its constants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from stdpnet.base.errors import ConfigError, did_you_mean
from stdpnet.base.parameters import is_finite

#: Source of constants that the paper uses but does not publish.
CALIBRATED = "unpublished; found with stdpnet calibrate, see docs/figures/calibration"


@dataclass(frozen=True)
class Constant:
    """A number in a rule: its value, the unit it is given in (1, ms, s, mV or Hz), and where it comes from.

    Examples
    --------
    >>> str(Constant(20.0, "ms", "Diehl & Cook 2014 code"))
    '20 ms'
    """

    value: float
    unit: str
    source: str

    def __str__(self) -> str:
        return f"{self.value:g}{f' {self.unit}' * (self.unit != '1')}"

    @property
    def usable(self) -> bool:
        """Whether the value is a finite number, and not 0 if it is a time: traces are divided by it."""
        number = isinstance(self.value, (int, float)) and is_finite(self.value)
        return number and (self.unit not in ("ms", "s") or self.value != 0)


@dataclass(frozen=True, repr=False)
class Rule:
    """A spike-timing-dependent plasticity rule, declared as Brian2 text.

    Traces live on the neurons, not on the synapses: the trace ``x`` of an input
    pixel is ``x_pre`` in the synaptic statements, the trace ``y`` of an excitatory
    neuron is ``y_post``. Within one time step the order is: `on_pre` (sees the
    traces before this step's spikes), `pre_spike`, `on_post` (so an input spike in
    the same step counts as coming before), `post_spike`.

    Parameters
    ----------
    name : str
        The name that ``--rule`` takes.
    source : str
        Citation, with the equation number.
    pre_traces, post_traces : str
        Differential equations of the traces, as Brian2 text.
    pre_spike, post_spike : str
        What a spike does to the traces of the neuron that fired.
    on_pre, on_post : str
        What a spike of the input, or of the excitatory neuron, does to the weight ``w``.
    constants : mapping of str to Constant
        Every symbol in the text besides the traces, ``w`` and ``w_max``. Names must not
        end in ``_pre`` or ``_post``, which Brian2 reserves.
    normalise : bool
        Whether the weights onto each neuron are scaled to a fixed sum before every
        presentation.

    Examples
    --------
    A rule of one's own, for ``Config(rule=...)``:

    >>> Rule(
    ...     name="pull",
    ...     source="this example",
    ...     pre_traces="dx/dt = -x / tau : 1",
    ...     pre_spike="x = 1",
    ...     on_post="w = clip(w + rate * (x_pre - w), 0, w_max)",
    ...     constants={"tau": Constant(20.0, "ms", "a guess"), "rate": Constant(0.01, "1", "a guess")},
    ... )
    Rule 'pull': this example
      pre_traces  dx/dt = -x / tau : 1
      pre_spike   x = 1
      on_post     w = clip(w + rate * (x_pre - w), 0, w_max)
      constants   tau = 20 ms, rate = 0.01
      normalised before each presentation
    """

    name: str
    source: str
    pre_traces: str = ""
    post_traces: str = ""
    pre_spike: str = ""
    post_spike: str = ""
    on_pre: str = ""
    on_post: str = ""
    constants: Mapping[str, Constant] = field(default_factory=dict)
    normalise: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "constants", MappingProxyType(dict(self.constants)))

    def __repr__(self) -> str:
        texts = ("pre_traces", "post_traces", "pre_spike", "post_spike", "on_pre", "on_post")
        lines = [f"Rule {self.name!r}: {self.source}"]
        for name in texts:
            statements = "; ".join(line.strip() for line in getattr(self, name).strip().splitlines())
            lines += [f"{name:11} {statements}"] if statements else []
        if self.constants:
            lines.append(f"{'constants':11} {', '.join(f'{n} = {c}' for n, c in self.constants.items())}")
        lines += ["normalised before each presentation"] if self.normalise else []
        return "\n  ".join(lines)

    def __reduce__(self):  # a read-only mapping cannot be pickled
        return _rebuilt, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain data, for JSON and for `rule_from_dict`."""
        data = {item.name: getattr(self, item.name) for item in fields(self)}
        return data | {"constants": {name: asdict(constant) for name, constant in self.constants.items()}}

    def constants_in(self, *texts: str) -> dict[str, Constant]:
        """Return the constants that occur in any of the texts, by name."""
        words: set[str] = set().union(*(re.findall(r"\w+", text) for text in texts))
        return {name: constant for name, constant in self.constants.items() if name in words}

    def with_constants(self, values: Mapping[str, float]) -> Rule:
        """Return the rule with some constants replaced.

        Parameters
        ----------
        values : mapping of str to float
            New values, in the unit of the constant they replace.

        Raises
        ------
        ConfigError
            When the rule has no constant of that name.
        """
        for name in values:
            if name not in self.constants:
                raise ConfigError(
                    f"rule {self.name!r} has no constant {name!r}{did_you_mean(name, self.constants)}; it has "
                    f"{', '.join(self.constants) or 'none'}"
                )
            if not replace(self.constants[name], value=values[name]).usable:
                time = ", and a time not 0" * (self.constants[name].unit in ("ms", "s"))
                raise ConfigError(
                    f"constant {name!r} of rule {self.name!r} is {values[name]!r}; expected a finite number{time}"
                )
        changed = {
            name: replace(constant, value=float(values.get(name, constant.value)))
            for name, constant in self.constants.items()
        }
        return replace(self, constants=changed)


def _rebuilt(data: dict[str, Any]) -> Rule:
    return Rule(**data | {"constants": {name: Constant(**given) for name, given in data["constants"].items()}})
