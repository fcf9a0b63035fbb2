"""The neurons as Brian2 text: Diehl & Cook 2015, equations 1 and 2, threshold and refractory time of their code.

Constants are shared parameters, so that they can change without compiling anew; their
values, units and sources stand in `stdpnet.config`. Conductances are relative to the leak.
"""

from dataclasses import dataclass

from stdpnet.base.parameters import parameter


@dataclass(frozen=True)
class Excitatory:
    """Excitatory neurons: conductance-based leaky integrate-and-fire with an adaptive threshold."""

    tau_m: float = parameter(100.0, "membrane time constant", "ms", "C:312", low=0.1)
    v_rest: float = parameter(-65.0, "resting potential", "mV", "C:267")
    v_reset: float = parameter(-65.0, "reset potential", "mV", "C:269")
    v_threshold: float = parameter(-52.0, "threshold before adaptation", "mV", "C:271")
    v_initial: float = parameter(-105.0, "potential at the start of training", "mV", "C:366")
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:313")
    e_inhibitory: float = parameter(-100.0, "reversal potential of inhibition", "mV", "C:314")
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:315", low=0.1)
    tau_gi: float = parameter(2.0, "time constant of the inhibitory conductance", "ms", "C:316", low=0.1)
    refractory_time: float = parameter(5.0, "time without spikes after a spike", "ms", "C:273", low=0)
    theta_offset: float = parameter(20.0, "the threshold is v_threshold + theta - theta_offset", "mV", "C:307")
    theta_initial: float = parameter(20.0, "theta at the start of training", "mV", "C:371")
    theta_plus: float = parameter(
        0.03,
        "threshold adaptation per spike in a network of 400 neurons; scaled by N / 400, since theta settles at "
        "theta_plus * tau_theta / presentation * spikes per neuron and presentation",
        "mV",
        "calibrated, see README; C:305 has 0.05",
        low=0,
    )
    tau_theta: float = parameter(1e7, "time constant of the decay of theta", "ms", "C:304", low=1.0)


@dataclass(frozen=True)
class Inhibitory:
    """Inhibitory neurons: conductance-based leaky integrate-and-fire, held at reset while refractory."""

    tau_m: float = parameter(10.0, "membrane time constant", "ms", "C:325", low=0.1)
    v_rest: float = parameter(-60.0, "resting potential", "mV", "C:268")
    v_reset: float = parameter(-45.0, "reset potential", "mV", "C:270")
    v_threshold: float = parameter(-40.0, "threshold", "mV", "C:272")
    v_initial: float = parameter(-100.0, "potential at the start of training", "mV", "C:367")
    e_excitatory: float = parameter(0.0, "reversal potential of excitation", "mV", "C:326")
    tau_ge: float = parameter(1.0, "time constant of the excitatory conductance", "ms", "C:328", low=0.1)
    refractory_time: float = parameter(2.0, "time without spikes after a spike", "ms", "C:274", low=0)


MEMBRANE = """
dwait/dt = -1 : second
dge/dt = -ge / tau_ge : 1
tau_m : second (shared, constant)
tau_ge : second (shared, constant)
v_rest : volt (shared, constant)
v_reset : volt (shared, constant)
v_threshold : volt (shared, constant)
e_excitatory : volt (shared, constant)
refractory_time : second (shared, constant)
"""

# In the 2014 code the potential of a refractory excitatory neuron goes on integrating; only its
# spikes are suppressed. (Ports clamp it; the README says what that changes.)
# Inhibition comes from every inhibitory neuron but one's own: the pool of all minus one's own
# replaces N (N - 1) synapses exactly.
EXCITATORY = (
    MEMBRANE
    + """
dv/dt = ((v_rest - v) + ge * (e_excitatory - v) + gi * (e_inhibitory - v)) / tau_m : volt
gi = g_pool - g_own : 1
dg_own/dt = -g_own / tau_gi : 1
g_pool : 1 (linked)
theta : volt
tau_gi : second (shared, constant)
e_inhibitory : volt (shared, constant)
theta_offset : volt (shared, constant)
"""
)
EXCITATORY_THRESHOLD = "v > theta - theta_offset + v_threshold and wait < dt / 2"

# While refractory the potential relaxes towards the reset value that it already has: it is
# held. (A factor of zero in front of the whole right-hand side would make exponential Euler
# divide by zero.)
INHIBITORY = (
    MEMBRANE
    + """
held = int(wait > dt / 2) : 1
dv/dt = ((1 - held) * ((v_rest - v) + ge * (e_excitatory - v)) + held * (v_reset - v)) / tau_m : volt
"""
)
INHIBITORY_THRESHOLD = "v > v_threshold and wait < dt / 2"

RESET = """
v = v_reset
wait = refractory_time
"""
