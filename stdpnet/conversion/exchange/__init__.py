"""Spiking networks as files that other simulators read, in the Neuromorphic Intermediate Representation (NIR).

Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9. A file holds a graph: what comes in, weights, neurons, what goes
out. It says nothing of how long to run, how an image is shown, or what is made of the output.
"""

import io
import logging
from os import PathLike

import numpy as np

from stdpnet.base.errors import ConversionError
from stdpnet.base.files import write_atomically
from stdpnet.base.optional import require
from stdpnet.conversion.converted import ConvertedNetwork, converted
from stdpnet.conversion.exchange.losses import Loss, measured_loss
from stdpnet.conversion.exchange.sayable import sayable
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.storage import being_written

log = logging.getLogger(__name__)


def save_nir(
    network: SpikingNetwork,
    path: str | PathLike,
    *,
    lossy: bool = False,
    images: np.ndarray | None = None,
    steps: int = 64,
) -> Loss | None:
    """Write a spiking network as a NIR file, whole or not at all.

    NIR's integrate-and-fire neurons are reset to a fixed potential and start at no potential that a file could name.
    So a network that is to be exchanged is made with ``reset="zero", initial=0, recent=1``, and with average pooling.
    Who reads the file shows the image as the same input in every step, of length 1, and adds up what comes out: these
    are the scores.

    Parameters
    ----------
    network : SpikingNetwork
    path : path-like
        By custom ends in ``.nir``.
    lossy : bool
        Write what NIR cannot say as the nearest that it can: resets to zero, neurons that start at 0, average instead
        of max pooling, scores that are plain sums. Layers that nothing is near to are refused all the same.
    images : ndarray of float32 or float64, shape (n_images, *shape of the Input node)
        By which the loss is measured; needed if `lossy`.
    steps : int
        For which it is measured.

    Returns
    -------
    Loss or None
        None where nothing is lost.

    Raises
    ------
    ConfigError
        When the package nir is not installed.
    ConversionError
        When NIR cannot say something and `lossy` is not asked for, naming each and what to do; when a layer has no
        counterpart, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from stdpnet.conversion.graph.graph import Graph, Node
    >>> from stdpnet.conversion.spiking.encoding import AnalogueInput
    >>> from stdpnet.conversion.spiking.neurons import IntegrateAndFire
    >>> from stdpnet.conversion.spiking.readout import MembranePotential
    >>> nodes = {
    ...     "image": Node(AnalogueInput((2,))),
    ...     "neurons": Node(IntegrateAndFire(reset="zero", initial=0), ("image",)),
    ...     "scores": Node(MembranePotential(), ("neurons",)),
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_nir(SpikingNetwork(Graph(nodes), {}), f"{folder}/network.nir")
    ...     load_nir(f"{folder}/network.nir")
    ConvertedNetwork: (2,) to (2,), 2 neurons, 0 synapses, 0 parameters
      name     kind               shape  neurons  synapses
      image    AnalogueInput      (2,)
      neurons  IntegrateAndFire   (2,)         2
      scores   MembranePotential  (2,)
    """
    require("nir", "exchange of networks", "nir")
    import nir

    from stdpnet.conversion.exchange.writing import to_nir

    said, lost = sayable(network)
    if lost and not lossy:
        raise ConversionError(
            f"{path}: NIR cannot say everything of this network: {'; '.join(lost)}; or write the nearest that NIR can "
            "say, and measure what that loses, with lossy"
        )
    if lost and images is None:
        raise ConversionError(f"{path}: lossy without images; expected some, for the loss is measured by them")
    graph, buffer = to_nir(said), io.BytesIO()
    loss = measured_loss(network, said, images, steps, lost) if lost and images is not None else None
    nir.write(buffer, graph)
    with being_written(path):
        write_atomically(path, lambda file: file.write(buffer.getbuffer()))
    if loss:
        log.warning("%s: %s", path, loss)
    return loss


def load_nir(path: str | PathLike) -> ConvertedNetwork:
    """Read a NIR file as a spiking network whose scores are the sums of what comes out.

    Parameters
    ----------
    path : path-like
        Written by `save_nir` or another program.

    Returns
    -------
    ConvertedNetwork
        Without scales and rates, which no simulator needs.

    Raises
    ------
    ConfigError
        When the package nir is not installed.
    ConversionError
        When the file is missing or damaged, or holds what integrate-and-fire neurons without memory of other kinds
        cannot compute, naming the node: leak, synapses with a time constant, delays, recurrent connections.

    Examples
    --------
    See `save_nir`.

    >>> load_nir("nowhere.nir")
    Traceback (most recent call last):
    stdpnet.base.errors.ConversionError: nowhere.nir: no such file; expected a NIR graph
    """
    require("nir", "exchange of networks", "nir")
    import nir

    from stdpnet.conversion.exchange.reading import from_nir

    try:
        graph = nir.read(path)
    except FileNotFoundError:
        raise ConversionError(f"{path}: no such file; expected a NIR graph") from None
    except Exception as error:  # nir asserts, and passes on whatever h5py and NumPy raise
        raise ConversionError(f"{path}: damaged, or no NIR graph ({error or type(error).__name__})") from None
    try:
        return converted(from_nir(graph))
    except ConversionError as error:
        raise ConversionError(f"{path}: {error}") from None
