"""The neurons as Brian2 text: Diehl & Cook 2015, equations 1 and 2, threshold and refractory time of their code.

Constants are shared parameters, so that they can change without compiling anew; their
values, units and sources stand in `stdpnet.config`. Conductances are relative to the leak.
"""

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

POOL = """
dg/dt = -g / tau_gi : 1
tau_gi : second (shared, constant)
"""

# Only in training. theta's decay over one presentation is 5e-5 of its value: as a differential
# equation in single precision each step's decay would drown in rounding, so it is applied once
# per presentation, at the onset.
ADAPTATION = """
theta_plus : volt (shared, constant)
tau_theta : second (shared, constant)
weight_sum : 1
"""
ADAPTATION_SPIKE = "theta += theta_plus"
ADAPTATION_ONSET = """
theta_post *= exp(-slot_steps_pre * dt / tau_theta_post)
weight_sum_post = 0
"""

# A pixel spikes in the step in which its cumulated drive (grey level x intensity, summed over the
# steps of the window) reaches the next arrival of a Poisson process: time rescaling, in integers.
# A pixel without drive is due after the window.
INPUT = """
drive : integer
arrival : integer
due : integer
draws : integer
mean_interval : integer (shared, constant)
seed : integer (shared, constant)
stream : integer (shared, constant)
first_presentation : integer (shared, constant)
first_intensity : integer (shared, constant)
window_steps : integer (shared, constant)
slot_steps : integer (shared, constant)
step = t_in_timesteps % slot_steps : integer (shared)
image : integer (linked)
repetition : integer (linked)
"""
INPUT_EVENTS = {
    "spike": "step < window_steps and step >= due",
    "onset": "step == 0",
}
INPUT_ONSET = """
drive = int(images(image * second, i)) * (first_intensity + repetition)
arrival = poisson_interval(mean_interval, 0, i, first_presentation + image, repetition, seed, stream)
due = (arrival - 1) // (drive + int(drive == 0)) + window_steps * int(drive == 0)
draws = 1
"""
INPUT_SPIKE = """
arrival += poisson_interval(mean_interval, draws, i, first_presentation + image, repetition, seed, stream)
due = (arrival - 1) // drive
draws += 1
"""
