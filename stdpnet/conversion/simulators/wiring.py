"""Which spiking layers feed which, through what weights, when the linear layers between them are multiplied out."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Convolution, Output
from stdpnet.conversion.simulators.linear_maps import bias, matrices
from stdpnet.conversion.spiking.currents import constant_nodes
from stdpnet.conversion.spiking.encoding import PoissonInput
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


class Drive(NamedTuple):
    """What a layer receives: ``current`` and, in a step, the product of each matrix with what its source sends.

    Attributes
    ----------
    weights : dict of str to scipy.sparse.csr_array, shape (values, values of the source)
    current : ndarray, shape (n_images or 1, values)
    """

    weights: dict
    current: np.ndarray


def wire(graph: Graph, constant: dict[str, np.ndarray], most: int) -> dict[str, Drive]:
    """Return the `Drive` of each layer that has a state: neurons, gates and the output.

    Parameters
    ----------
    graph : Graph
        Of a spiking network.
    constant : dict of str to ndarray
        From `constant_currents`.
    most : int
        Synapses, summed over the network.

    Returns
    -------
    dict of str to Drive

    Raises
    ------
    ConversionError
        When there would be more synapses; then no larger matrix was made.
    """
    drives, sent = {}, {name: Drive({}, values.reshape(len(values), -1)) for name, values in constant.items()}
    skipped, count = constant_nodes(graph), 0
    for name, node in graph.nodes.items():
        if name in skipped:
            continue
        size = int(np.prod(graph.shapes[name]))
        if isinstance(node.layer, IntegrateAndFire | MaxGate | Output):
            drives[name] = _corrected(sent[node.inputs[0]], node.layer, size)
            count += sum(weights.nnz for weights in drives[name].weights.values())
            _check(name, count, most)
        if isinstance(node.layer, PoissonInput | IntegrateAndFire | MaxGate):
            sent[name] = Drive({name: sparse.eye_array(size, format="csr")}, np.zeros((1, size)))
        elif not isinstance(node.layer, Output):
            given = [sent[source] for source in node.inputs]
            sent[name] = _through(name, graph, given, most - count)
    return drives


def _corrected(drive, layer, size):
    if not isinstance(layer, IntegrateAndFire) or layer.correction is None:
        return drive
    return drive._replace(current=drive.current + np.repeat(layer.correction, size // len(layer.correction)))


def _through(name, graph, given, room):
    node = graph.nodes[name]
    if isinstance(node.layer, Convolution):  # its matrix alone may be too large
        _check(name, int(np.prod(graph.shapes[name])) * node.layer.weights[0].size, room)
    maps = matrices(node.layer, *(graph.shapes[source] for source in node.inputs))
    weights, current = {}, bias(node.layer, graph.shapes[name])[None]
    for matrix, drive in zip(maps, given, strict=True):
        current = current + (matrix @ drive.current.T).T
        for source, before in drive.weights.items():
            products = np.bincount(matrix.indices, minlength=matrix.shape[1]) @ np.diff(before.indptr)
            _check(name, int(products), room)
            through = matrix @ before
            weights[source] = weights[source] + through if source in weights else through
    return Drive(weights, current)


def _check(name, count, room):
    if count > room:
        raise ConversionError(
            f"{name}: up to {count:,} synapses, more than the {room:,} that may be; simulate this network with "
            "PyTorch (torch_simulator), or raise `most`"
        )
