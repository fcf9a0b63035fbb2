r"""Input pixels as Poisson processes of a rate proportional to their grey level, in integers.

A pixel of grey level :math:`x`, 0 to 255, shown with intensity :math:`k` spikes at the rate :math:`\rho \, k \, x`,
where :math:`\rho` is `Presentation.rate` (Diehl & Cook 2015, doi:10.3389/fncom.2015.00099, section 2.5; C:447). By time
rescaling its spikes are the steps in which the cumulated drive, :math:`k \, x` summed over the steps of the window,
reaches the next arrival of a Poisson process of one fixed rate, whose intervals :math:`I` `stdpnet.network.poisson`
draws:

.. math::

    A_m = I_0 + \ldots + I_m, \qquad
    s_m = \left\lfloor \frac{A_m - 1}{k \, x} \right\rfloor

:math:`A_m` is the arrival and :math:`s_m` the step in which spike :math:`m` is due, counted from the onset; the mean of
:math:`I`, over :math:`k \, x`, is the mean number of steps between spikes. A pixel spikes once in a step at most; one
without drive is due after the window.
"""

#: Parts of a grey level in which the drive by contrast is counted; grey levels themselves are whole.
CONTRAST_RESOLUTION = 16

#: Inputs of the network for which weights are given; with contrast, others scale the unit of the weights.
REFERENCE_INPUTS = 784

INPUT = """
drive : integer
arrival : integer
due : integer
draws : integer
presentation : integer
mean_interval : integer (shared, constant)
seed : integer (shared, constant)
stream : integer (shared, constant)
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
presentation = int(presentations(image * second))
drive = int(images(image * second, i)) * (first_intensity + repetition)
arrival = poisson_interval(mean_interval, 0, i, presentation, repetition, seed, stream)
due = (arrival - 1) // (drive + int(drive == 0)) + window_steps * int(drive == 0)
draws = 1
"""
INPUT_SPIKE = """
arrival += poisson_interval(mean_interval, draws, i, presentation, repetition, seed, stream)
due = (arrival - 1) // drive
draws += 1
"""
