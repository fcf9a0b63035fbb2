"""The two populations of neurons: for each its equations, its constants, and its text for Brian2, in this order.

Sources: C:n is line n of ``Diehl&Cook_spiking_MNIST.py`` and G:n of ``Diehl&Cook_MNIST_random_conn_generator.py``, the
code of 2014, commit d527ca3; equations have the numbers of Diehl & Cook 2015, doi:10.3389/fncom.2015.00099.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar

from stdpnet.base.parameters import parameter
from stdpnet.base.units import UNITS


@dataclass(frozen=True)
class NeuronText:
    """A population as Brian2 text. Constants are shared parameters: a change of their values compiles nothing.

    Parameters
    ----------
    model : str
        Equations, without the constants, which `shared_parameters` declares.
    threshold, reset : str
        When a neuron spikes, and what happens to it then.
    rest : str
        Where a frozen presentation starts, as a synapse writes it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> higher = replace(Inhibitory.text, threshold=Inhibitory.text.threshold.replace("v_threshold", "-35 * mV"))
    >>> higher.threshold
    'v > -35 * mV and refractory_left < dt / 2'
    """

    model: str
    threshold: str
    reset: str
    rest: str


#: What both populations have: an excitatory conductance, relative to the leak (eq. 2), and a refractory time. It stops
#: at zero, so that a neuron at rest does not change at all.
COMMON = """
dge/dt = -ge / tau_ge : 1
drefractory_left/dt = -int(refractory_left > dt / 2) : second
"""
RESET = """
v = v_reset
refractory_left = refractory_time
"""
REST = "v_post = v_rest_post\nge_post = 0\nrefractory_left_post = 0 * second"


@dataclass(frozen=True)
class Excitatory:
    r"""Excitatory neurons: conductance-based leaky integrate-and-fire with an adaptive threshold.

    .. math::

        \tau_m \dot{v} &= (v_{rest} - v) + g_e (e_{excitatory} - v) + g_i (e_{inhibitory} - v) \qquad (1) \\
        \tau_{ge} \dot{g}_e &= -g_e, \quad \tau_{gi} \dot{g}_i = -g_i \qquad (2)

    Conductances :math:`g` are relative to that of the leak. A neuron fires where :math:`v > v_{threshold} + \theta -
    \theta_{offset}`; :math:`\theta` rises by ``theta_plus`` at each of its spikes and decays with ``tau_theta`` (see
    `stdpnet.network.homeostasis`). While refractory it goes on integrating, as in the code of 2014, and only its
    spikes are suppressed.

    Examples
    --------
    >>> Excitatory(theta_plus=0.05).tau_m  # in ms
    100.0
    >>> Excitatory.text.threshold
    'v > theta - theta_offset + v_threshold and refractory_left < dt / 2'
    """

    tau_m: float = parameter(100.0, "membrane time constant", "ms", "C:312", low=0.1, high=1e9)
    v_rest: float = parameter(-65.0, "resting potential", "mV", "C:267", low=-1e6, high=1e6)
    v_reset: float = parameter(-65.0, "reset potential", "mV", "C:269", low=-1e6, high=1e6)
    v_threshold: float = parameter(-52.0, "threshold before adaptation", "mV", "C:271", low=-1e6, high=1e6)
    v_initial: float = parameter(-105.0, "potential at the start of training", "mV", "C:366", low=-1e6, high=1e6)
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:313", low=-1e6, high=1e6)
    e_inhibitory: float = parameter(-100.0, "reversal potential of inhibition", "mV", "C:314", low=-1e6, high=1e6)
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:315", low=0.1, high=1e9)
    tau_gi: float = parameter(2.0, "time constant of the inhibitory conductance", "ms", "C:316", low=0.1, high=1e9)
    refractory_time: float = parameter(5.0, "time without spikes after a spike", "ms", "C:273", low=0, high=1e9)
    theta_offset: float = parameter(
        20.0, "the threshold is v_threshold + theta - theta_offset", "mV", "C:307", low=-1e6, high=1e6
    )
    theta_initial: float = parameter(20.0, "theta at the start of training", "mV", "C:371", low=-1e6, high=1e6)
    theta_plus: float = parameter(
        0.03,
        "threshold adaptation per spike in a network of 400 neurons; scaled by N / 400, since theta settles at "
        "theta_plus * tau_theta / presentation * spikes per neuron and presentation",
        "mV",
        "calibrated; C:305 has 0.05",
        low=0,
        high=1000,
    )
    tau_theta: float = parameter(1e7, "time constant of the decay of theta", "ms", "C:304", low=1.0)

    #: Constants of the adaptation, which only a network that learns has.
    adaptation: ClassVar[tuple[str, ...]] = ("theta_plus", "tau_theta")

    # Inhibition comes from every inhibitory neuron but one's own: the pool of all minus one's own replaces N (N - 1)
    # synapses exactly.
    text: ClassVar[NeuronText] = NeuronText(
        model=COMMON
        + """
dv/dt = ((v_rest - v) + ge * (e_excitatory - v) + gi * (e_inhibitory - v)) / tau_m : volt
gi = g_pool - g_own : 1
dg_own/dt = -g_own / tau_gi : 1
g_pool : 1 (linked)
theta : volt
""",
        threshold="v > theta - theta_offset + v_threshold and refractory_left < dt / 2",
        reset=RESET,
        rest=REST + "\ng_own_post = 0",
    )


@dataclass(frozen=True)
class Inhibitory:
    r"""Inhibitory neurons: conductance-based leaky integrate-and-fire, held at reset while refractory.

    .. math::

        \tau_m \dot{v} = (v_{rest} - v) + g_e (e_{excitatory} - v) \qquad (1)

    Nothing inhibits them. A neuron fires where :math:`v > v_{threshold}`.

    Examples
    --------
    >>> Inhibitory().refractory_time  # in ms
    2.0
    """

    tau_m: float = parameter(10.0, "membrane time constant", "ms", "C:325", low=0.1, high=1e9)
    v_rest: float = parameter(-60.0, "resting potential", "mV", "C:268", low=-1e6, high=1e6)
    v_reset: float = parameter(-45.0, "reset potential", "mV", "C:270", low=-1e6, high=1e6)
    v_threshold: float = parameter(-40.0, "threshold", "mV", "C:272", low=-1e6, high=1e6)
    v_initial: float = parameter(-100.0, "potential at the start of training", "mV", "C:367", low=-1e6, high=1e6)
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:326", low=-1e6, high=1e6)
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:328", low=0.1, high=1e9)
    refractory_time: float = parameter(2.0, "time without spikes after a spike", "ms", "C:274", low=0, high=1e9)

    adaptation: ClassVar[tuple[str, ...]] = ()

    # While refractory the potential relaxes towards the reset value that it already has: it is held. (A factor of zero
    # in front of the whole right-hand side would make exponential Euler divide by zero.)
    text: ClassVar[NeuronText] = NeuronText(
        model=COMMON
        + """
held = int(refractory_left > dt / 2) : 1
dv/dt = ((1 - held) * ((v_rest - v) + ge * (e_excitatory - v)) + held * (v_reset - v)) / tau_m : volt
""",
        threshold="v > v_threshold and refractory_left < dt / 2",
        reset=RESET,
        rest=REST,
    )


Population = type[Excitatory] | type[Inhibitory]


def constants_of(population: Population, learning: bool) -> list[str]:
    """Return the names of a population's constants that its equations have, without the initial values.

    Parameters
    ----------
    population : type
        `Excitatory` or `Inhibitory`.
    learning : bool
        With the constants of the adaptation.

    Returns
    -------
    list of str

    Examples
    --------
    >>> sorted(set(constants_of(Excitatory, True)) - set(constants_of(Excitatory, False)))
    ['tau_theta', 'theta_plus']
    """
    names = [item.name for item in fields(population) if not item.name.endswith("_initial")]
    return [name for name in names if learning or name not in population.adaptation]


def shared_parameters(population: Population, names: Iterable[str]) -> str:
    """Return constants of a population as Brian2 text that declares them, with the units of their fields.

    Examples
    --------
    >>> shared_parameters(Excitatory, ["tau_m"]).strip()
    'tau_m : second (shared, constant)'
    """
    units = {name: UNITS[population.__dataclass_fields__[name].metadata["unit"]][1] for name in names}
    return "".join(f"\n{name} : {unit} (shared, constant)" for name, unit in units.items()) + "\n"
