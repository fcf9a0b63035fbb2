"""Spike trains to learn from: made by hand, and random ones. Steps of 0.5 ms.

Every train drives an input and an output, so that a rule meets every pair of them: "late" as input with "early" as
output is output before input, a train with itself is a coincidence in each of its spikes.
"""

import numpy as np

STEPS = 300
DT = 0.5

BY_HAND = {
    "silent": [],
    "early": [40],
    "one step later": [41],
    "late": [60],
    "early and late": [40, 60],
    "around late": [50, 70],  # input, output, input; or output, input, output
    "thrice": [40, 60, 80],
    "burst": range(100, 120, 2),
    "burst between": range(101, 121, 2),
    "every step": range(140, 200),
    "long silence": [3, 290],
    "first and last step": [0, STEPS - 1],
    "every 10 ms": range(10, STEPS, 20),
}
#: Probabilities of a spike in a step: 10 to 400 Hz.
RANDOM = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)


def all_trains(seed=1):
    """Return all trains as an ndarray of bool, shape (STEPS, n_trains)."""
    fired = np.zeros((STEPS, len(BY_HAND)), bool)
    for train, steps in enumerate(BY_HAND.values()):
        fired[list(steps), train] = True
    chances = np.random.default_rng(seed).random((STEPS, len(RANDOM)))
    return np.hstack([fired, chances < RANDOM])


def start_weights(n, w_max, seed=1):
    """Return weights at 0, at w_max and in between, in single precision, shape (3 n, n)."""
    between = w_max * np.random.default_rng(seed).random((n, n))
    return np.concatenate([np.zeros((n, n)), np.full((n, n), w_max), between]).astype(np.float32)
