"""A converted network as one object: shown images, saved, loaded, as a table."""

from os import PathLike
from typing import Any

import numpy as np

from stdpnet.conversion.batches import all_images
from stdpnet.conversion.report.evaluation import Performance, Showing, evaluated
from stdpnet.conversion.report.size import Size, sizes
from stdpnet.conversion.report.values import values_of
from stdpnet.conversion.simulators import simulate
from stdpnet.conversion.spiking.network import SpikingNetwork

STEPS = 64


class ConvertedNetwork(SpikingNetwork):
    """A spiking network that `stdpnet.convert` made.

    Images are taken as an array, as a tensor, as a loader of PyTorch, or as a list of batches, in the range of the
    analogue network's training.

    Examples
    --------
    >>> from sklearn.neural_network import MLPClassifier
    >>> import stdpnet
    >>> images, labels = np.eye(3).repeat(5, axis=0), np.arange(3).repeat(5)
    >>> model = MLPClassifier((8,), solver="lbfgs", max_iter=200, random_state=0).fit(images, labels)
    >>> spiking = stdpnet.convert(model, images)
    >>> spiking
    ConvertedNetwork: (3,) to (3,), 8 neurons, 48 synapses, 59 parameters
      name    kind               shape  neurons  synapses
      input   AnalogueInput      (3,)
      dense1  Dense              (8,)                  24
      relu1   IntegrateAndFire   (8,)         8
      dense2  Dense              (3,)                  24
      output  MembranePotential  (3,)
    >>> result = spiking.evaluate(images, labels, steps=32)
    >>> result.accuracy, result.curve.shape, list(result.rates)
    (1.0, (32,), ['relu1'])
    >>> spiking.values(images, steps=32).argmax(axis=2)[:, -1].tolist() == labels.tolist()
    True
    """

    def evaluate(
        self,
        images: Any,
        labels: Any = None,
        steps: int = STEPS,
        *,
        simulator: str | None = None,
        batch: int = 32,
        stop: str = "",
        show_progress: bool = False,
    ) -> Performance:
        """Return what the network answers after each step, and what that costs.

        Parameters
        ----------
        images : array_like, tensor, or iterable of batches
        labels : array_like, optional
            Classes, as whole numbers; or the right values, as floating-point numbers, of shape (n_images,) or
            (n_images, n_outputs). A loader may give them with the images.
        steps : int
        simulator : {"torch", "brian2"}, optional
        batch : int
            Images that PyTorch computes at a time.
        stop : str
            When an image needs no more steps, such as ``"margin:5"``.
        show_progress : bool

        Returns
        -------
        Performance

        Raises
        ------
        ConversionError
            When images or labels do not fit.
        """
        return evaluated(self, images, labels, Showing(steps, simulator, batch, stop), show_progress)

    def spikes(
        self, images: Any, steps: int = STEPS, *, every_step: bool = False, simulator: str | None = None
    ) -> dict[str, np.ndarray]:
        """Return the spikes of each neuron, by the name of its layer.

        Parameters
        ----------
        images : array_like, tensor, or iterable of batches
        steps : int
        every_step : bool
            Whether to tell the steps apart.
        simulator : {"torch", "brian2"}, optional

        Returns
        -------
        dict of str to ndarray
            Their number, int, for each image and neuron; or whether there was one, bool, in each step of each image.
        """
        keep = "rasters" if every_step else "counts"
        found = simulate(self, all_images(images), steps, simulator, keep=keep)
        return found.rasters if every_step else found.counts

    def values(self, images: Any, steps: int = STEPS, *, simulator: str | None = None) -> np.ndarray:
        """Return the outputs after each step, in the units of the analogue network, which they approach.

        Parameters
        ----------
        images : array_like, tensor, or iterable of batches
        steps : int
        simulator : {"torch", "brian2"}, optional

        Returns
        -------
        ndarray of float32, shape (n_images, steps, n_outputs)

        Raises
        ------
        ConversionError
            When images do not fit, or the readout gives classes alone.
        """
        return values_of(self, simulate(self, all_images(images), steps, simulator, every_score=True))

    def save(self, path: str | PathLike) -> None:
        """Write the network into one ``.npz`` file, whole or not at all; `stdpnet.load_spiking` reads it.

        Raises
        ------
        ConversionError
            When the file cannot be written.
        """
        from stdpnet.conversion.converted_file import save

        save(self, path)

    def __repr__(self) -> str:
        graph, found = self.graph, sizes(self.graph)
        whole = sum(found.values(), start=Size())
        rows = [("name", "kind", "shape", "neurons", "synapses")]
        rows += [
            (name, type(node.layer).__name__, str(graph.shapes[name]), *_numbers(found[name]))
            for name, node in graph.nodes.items()
        ]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            f"  {name:<{wide[0]}}  {kind:<{wide[1]}}  {shape:<{wide[2]}}  {neurons:>{wide[3]}}  {synapses:>{wide[4]}}"
            for name, kind, shape, neurons, synapses in rows
        ]
        head = (
            f"{type(self).__name__}: {graph.shapes[self.source]} to {graph.shapes[self.output]}, "
            f"{whole.neurons:,} neurons, {whole.synapses:,} synapses, {whole.parameters:,} parameters"
        )
        return "\n".join([head, *(line.rstrip() for line in lines)])


def _numbers(size):
    return tuple(f"{number:,}" if number else "" for number in (size.neurons, size.synapses))


def converted(network: SpikingNetwork) -> ConvertedNetwork:
    """Return a spiking network with the methods of a converted one."""
    return ConvertedNetwork(**vars(network))
