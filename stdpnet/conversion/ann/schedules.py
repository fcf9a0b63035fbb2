"""How a learning rate falls in the course of a training."""

import math
from collections.abc import Callable

#: Learning rate after a share of the training, as a part of the first one. Mishkin, Sergievskiy & Matas 2017,
#: arXiv:1606.02228, table 4; linear cosine: Bello et al. 2017, arXiv:1709.07417.
SCHEDULES: dict[str, Callable[[float], float]] = {
    "step": lambda done: 0.1 ** int(3 * done + 1e-9),
    "square-root": lambda done: math.sqrt(1 - done),
    "linear": lambda done: 1 - done,
    "cosine": lambda done: (1 + math.cos(math.pi * done)) / 2,
    "linear-cosine": lambda done: (1 - done) * (1 + math.cos(math.pi * done)) / 2,
}
