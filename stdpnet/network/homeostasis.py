"""What keeps all neurons in the game: adaptive thresholds and normalised weights."""

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
