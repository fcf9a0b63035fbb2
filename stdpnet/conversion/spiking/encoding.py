"""How an image enters a spiking network: as constant currents, or as Poisson spikes."""

from dataclasses import dataclass, field

import numpy as np

from stdpnet.conversion.graph.layers import Input

#: Random numbers for different purposes come from streams of their own.
STREAMS = {"input": 0, "readout": 1}


@dataclass(frozen=True, eq=False)
class AnalogueInput(Input):
    """Every pixel is a constant current (Rueckauer et al. 2017, doi:10.3389/fnins.2017.00682)."""


@dataclass(frozen=True, eq=False, repr=False)
class PoissonInput(Input):
    """Every pixel spikes in a step with probability ``abs(x) / scale``, and the spike has the sign of ``x``.

    Negative pixels as in Sengupta et al. (2019, doi:10.3389/fnins.2019.00095). Larger values than the
    scale spike in every step.

    Parameters
    ----------
    scale : ndarray, shape (channels,)
    seed : int
    """

    scale: np.ndarray = field(kw_only=True)
    seed: int = field(default=0, kw_only=True)

    def spikes(self, image: np.ndarray, generator: np.random.Generator, steps: int) -> np.ndarray:
        """Return the next spikes of an image, -1, 0 or 1.

        Parameters
        ----------
        image : ndarray, shape (channels, ...)
        generator : numpy.random.Generator
            That of the image, from `generator`; it moves on.
        steps : int

        Returns
        -------
        ndarray of float32, shape (steps, channels, ...)
        """
        probability = np.abs(image) / self.scale.reshape(-1, *(1,) * (image.ndim - 1))
        drawn = generator.random((steps, *image.shape)) < probability
        return drawn * np.sign(image).astype(np.float32)


#: By the name that users type.
ENCODINGS: dict[str, type[Input]] = {"analog": AnalogueInput, "poisson": PoissonInput}


def generator(seed: int, stream: str, image: int) -> np.random.Generator:
    """Return the random number generator of one image, whatever other images there are.

    Parameters
    ----------
    seed : int
    stream : {"input", "readout"}
    image : int
        Its number in the data set.

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng([seed, STREAMS[stream], image])
