"""Layers with a state in PyTorch: neurons and max gates, step by step within a block of time steps."""

from functools import reduce

import numpy as np
import torch

from stdpnet.conversion.graph.windows import window_places
from stdpnet.conversion.simulators.torch_linear import build, padded
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


@build.register(IntegrateAndFire)
class Neurons:
    """Integrate-and-fire neurons; see `IntegrateAndFire`."""

    def __init__(self, layer: IntegrateAndFire, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype
        self.correct(layer.correction)

    def correct(self, correction: np.ndarray | None) -> None:
        """Take another constant current, of shape (channels,)."""
        self.correction = None
        if correction is not None:
            self.correction = torch.as_tensor(correction, dtype=self.dtype).reshape(-1, *(1,) * (len(self.shape) - 1))

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        self.v = empty((n_images, *self.shape), self.dtype).fill_(self.layer.initial)
        self.sent = torch.zeros_like(self.v) if self.layer.signed else None

    def keep(self, chosen: np.ndarray) -> None:
        """Go on with some of the images only, given by their places."""
        self.v = self.v[chosen]
        self.sent = None if self.sent is None else self.sent[chosen]

    def __call__(self, currents):
        """Return the spikes of a block of steps: 0 or 1, of signed neurons also -1."""
        spikes = empty_block(currents)
        for current, spike in zip(currents, spikes, strict=True):
            self.v += current
            if self.correction is not None:
                self.v += self.correction
            if self.layer.lowest is not None:
                self.v.clamp_(min=self.layer.lowest)
            torch.ge(self.v, 1, out=spike)
            if self.sent is not None:
                spike -= ((self.v < 0) & (self.sent > 0)).to(self.dtype)
                self.sent += spike
            if self.layer.reset == "subtraction":
                self.v -= spike
            else:
                self.v.masked_fill_(spike.bool(), 0)
        return spikes


@build.register(MaxGate)
class Gate:
    """A max-pooling gate; see `MaxGate`."""

    def __init__(self, layer: MaxGate, shape: tuple[int, ...], dtype: torch.dtype):
        self.layer, self.shape, self.dtype = layer, shape, dtype
        self.places = window_places(layer, shape)

    def begin(self, n_images: int) -> None:
        """Start the presentation of some images."""
        n_past = self.layer.span - 1 if self.layer.estimate == "finite" else 1
        self.past = [empty((n_images, *self.shape), self.dtype).fill_(0) for _ in range(n_past)]
        self.peak = empty((n_images, *self.layer.output_shape(self.shape)), self.dtype).fill_(0)

    def keep(self, chosen: np.ndarray) -> None:
        """Go on with some of the images only, given by their places."""
        self.past = [state[chosen] for state in self.past]
        self.peak = self.peak[chosen]

    def __call__(self, x):
        """Return what passes in a block of steps."""
        estimates = getattr(self, f"_{self.layer.estimate}")(x)
        return self._growth(estimates) if self.layer.estimate == "cumulative" else self._chosen(x, estimates)

    def _growth(self, sums):
        highest = reduce(torch.maximum, self._windows(sums, -torch.inf)).unflatten(0, sums.shape[:2])
        passed = torch.cat([(highest[0] - self.peak)[None], highest[1:] - highest[:-1]])
        self.peak = highest[-1]
        return passed

    def _chosen(self, x, estimates):
        inputs, rates = self._windows(x, 0), self._windows(estimates, -torch.inf)
        passed, highest = next(inputs), next(rates)
        for other, rate in zip(inputs, rates, strict=True):
            passed = torch.where(rate > highest, other, passed)
            highest = torch.maximum(highest, rate)
        return passed.unflatten(0, x.shape[:2])

    def _cumulative(self, x):
        sums = empty_block(x)
        for now, total in zip(x, sums, strict=True):
            torch.add(self.past[0], now, out=total)
            self.past[0] = total
        return sums

    def _exponential(self, x):
        means = empty_block(x)
        for now, mean in zip(x, means, strict=True):
            torch.add(self.past[0], (now - self.past[0]) / self.layer.span, out=mean)
            self.past[0] = mean
        return means

    def _finite(self, x):
        trains = [*self.past, *x]
        sums = [sum(trains[end - self.layer.span + 1 : end + 1]) for end in range(self.layer.span - 1, len(trains))]
        self.past = trains[len(x) :]
        return torch.stack(sums)

    def _windows(self, x, border):
        images = padded(x.flatten(0, 1), self.layer, border)
        return (images[place] for place in self.places)


def empty(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """Return a tensor without values, images in memory with the channels last."""
    layout = torch.channels_last if len(shape) == 4 else torch.contiguous_format
    return torch.empty(shape, dtype=dtype, memory_format=layout)


def empty_block(like: torch.Tensor) -> torch.Tensor:
    """Return a block of steps without values, of the shape of another; see `empty`."""
    steps, n_images, *shape = like.shape
    return empty((steps * n_images, *shape), like.dtype).unflatten(0, (steps, n_images))
