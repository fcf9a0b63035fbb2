"""Events that reach a network: which address, at which step, of which image. Only what is there is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.sparse import csr_array
from torch.nn.functional import embedding_bag

from stdpnet.backprop.constants import DT, Neuron
from stdpnet.backprop.neuron import decays


@dataclass(frozen=True, eq=False)
class Events:
    """Events of a batch of images, in any order.

    Parameters
    ----------
    step, image, address : ndarray of int, shape (n_events,)
        Of each event; two at one place count twice.
    shape : tuple of int
        Numbers of steps, images and addresses.

    Examples
    --------
    >>> events = Events(np.array([0, 2, 2]), np.array([0, 0, 0]), np.array([1, 1, 1]), (3, 1, 2))
    >>> events.filtered(Neuron(tau=20.0))
    tensor([[0.0000, 2.9048]])
    >>> events.drive(torch.tensor([[5.0, 1.0]])).ravel()
    tensor([1., 0., 2.])
    """

    step: np.ndarray
    image: np.ndarray
    address: np.ndarray
    shape: tuple[int, int, int]

    def drive(self, weights: torch.Tensor) -> torch.Tensor:
        """Return what events bring through weights, in each step.

        Parameters
        ----------
        weights : tensor of float32, shape (n_neurons, n_addresses)

        Returns
        -------
        tensor of float32, shape (n_steps, n_images, n_neurons)
        """
        steps, images, addresses = self.shape
        rows = self.step.astype(np.int32) * images + self.image.astype(np.int32)
        ones = np.ones(len(rows), np.float32)
        found = csr_array((ones, (rows, self.address)), shape=(steps * images, addresses))
        # sums of rows of weights: six times as fast as the product of SciPy, or of PyTorch's own sparse matrices
        address, first, number = (torch.from_numpy(one) for one in (found.indices, found.indptr[:-1], found.data))
        number = number.to(weights.dtype)
        with torch.no_grad():
            drive = embedding_bag(address, weights.T.contiguous(), first, mode="sum", per_sample_weights=number)
        return drive.view(steps, images, -1)

    def filtered(self, neuron: Neuron) -> torch.Tensor:
        """Return low-passed events at the end, tensor of float32, shape (n_images, n_addresses)."""
        steps, images, addresses = self.shape
        counted = decays(steps, neuron).numpy()[self.step]
        place = self.image.astype(np.int64) * addresses + self.address
        found = np.bincount(place, counted, minlength=images * addresses).astype(np.float32)
        return torch.from_numpy(found).view(images, addresses)

    def counts(self) -> np.ndarray:
        """Return the number of events of each step, over all images, ndarray of int, shape (n_steps,)."""
        return np.bincount(self.step, minlength=self.shape[0])


def from_recordings(recordings: Sequence[Any], time: int) -> Events:
    """Return recordings of a silicon retina as a batch; ON and OFF are addresses of their own.

    Parameters
    ----------
    recordings : sequence of Recording
        Of one sensor.
    time : int
        In ms; later events are left out.

    Returns
    -------
    Events
        Twice as many addresses as the sensor has pixels, those of OFF first.
    """
    height, width = recordings[0].shape
    steps = round(time / DT)
    image = np.repeat(np.arange(len(recordings)), [len(one.time) for one in recordings])
    step = (np.concatenate([one.time for one in recordings]) * 1e-3 / DT).astype(np.int32)
    address = np.concatenate([(one.polarity * height + one.y) * width + one.x for one in recordings])
    kept = step < steps
    return Events(step[kept], image[kept], address[kept], (steps, len(recordings), 2 * height * width))


@dataclass(frozen=True, eq=False)
class Stored:
    """Events of many images, image by image and small, from which batches are taken as from an array.

    Parameters
    ----------
    step, address : ndarray of int32, shape (n_events,)
        The images' events one after the other.
    first : ndarray of int64, shape (n_images + 1,)
        Where those of an image begin; then their number.
    steps, addresses : int

    Examples
    --------
    >>> stored = Stored(np.array([0, 4, 2], np.int32), np.array([1, 1, 0], np.int32), np.array([0, 2, 3]), 5, 2)
    >>> stored[[1, 0]].events().step, len(stored[1:])
    (array([2, 0, 4], dtype=int32), 1)
    """

    step: np.ndarray
    address: np.ndarray
    first: np.ndarray
    steps: int
    addresses: int

    def __len__(self) -> int:
        return len(self.first) - 1

    def __getitem__(self, which: Any) -> "Stored":
        """Return some images, by a slice or numbers."""
        chosen = np.arange(len(self))[which]
        number = np.diff(self.first)[chosen]
        first = np.concatenate([[0], np.cumsum(number)])
        place = np.arange(first[-1]) + np.repeat(self.first[chosen] - first[:-1], number)
        return Stored(self.step[place], self.address[place], first, self.steps, self.addresses)

    def events(self) -> Events:
        """Return all as one batch."""
        image = np.repeat(np.arange(len(self)), np.diff(self.first))
        return Events(self.step, image, self.address, (self.steps, len(self), self.addresses))


def stored(recordings: Iterable[Any], time: int) -> Stored:
    """Return recordings of a silicon retina, any number of them.

    Parameters
    ----------
    recordings : iterable of Recording
        Of one sensor, at least one.
    time : int
        In ms; later events are left out.

    Returns
    -------
    Stored
    """
    found = [from_recordings([one], time) for one in recordings]
    steps, _, addresses = found[0].shape
    step, address = (
        np.concatenate([getattr(one, name) for one in found]).astype(np.int32) for name in ("step", "address")
    )
    first = np.concatenate([[0], np.cumsum([len(one.step) for one in found])])
    return Stored(step, address, first, steps, addresses)
