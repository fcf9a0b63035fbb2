"""What a plasticity rule is: equations and statements as Brian2 text, and its constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from stdpnet.rules.constants import Constant, constants_in, with_values

#: Source of constants that the paper uses but does not publish.
CALIBRATED = "unpublished; found with stdpnet calibrate, see docs/figures/calibration"


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
        return constants_in(self.constants, *texts)

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
        return replace(self, constants=with_values(self.constants, values, f"rule {self.name!r}"))


def _rebuilt(data: dict[str, Any]) -> Rule:
    return Rule(**data | {"constants": {name: Constant(**given) for name, given in data["constants"].items()}})
