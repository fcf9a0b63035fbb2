"""PyTorch modules, traced by torch.fx."""

import numpy as np
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.forward import outputs
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.importers.shape import checked_shape
from stdpnet.conversion.importers.torch_fx.reading import read
from stdpnet.conversion.importers.torch_fx.recording import evaluation_copy, record, trace
from stdpnet.conversion.importers.torch_fx.refusal import refusal

#: Images that the module and its graph must compute alike; two, so that mixing images shows.
N_IMAGES = 2
#: Relative to the greatest output of a layer, in double precision.
TOLERANCE = 1e-6


def import_module(model: torch.nn.Module, input_shape: tuple[int, ...] | None) -> Graph:
    """Turn a module into a graph, and compare every layer's output with that of the module.

    The comparison, on random images, catches what reading the layers cannot see: hooks, and
    tensors changed in place that are used elsewhere.

    Parameters
    ----------
    model : torch.nn.Module
        It is copied, not changed; the copy is in evaluation mode and double precision.
    input_shape : tuple of int
        Shape of one image without the batch.

    Returns
    -------
    Graph
        With float64 arrays, and nodes named by their path in the module.

    Raises
    ------
    ConversionError
        When the module cannot be traced, run on such images, or converted in full.
    """
    if not isinstance(model, torch.nn.Module):
        raise ConversionError(f"model is a {type(model).__name__}; expected a torch.nn.Module")
    shape = checked_shape(input_shape)
    copy = evaluation_copy(model)
    traced = trace(copy)
    images = np.random.default_rng(0).normal(size=(N_IMAGES, *shape))
    with torch.no_grad():
        values = record(copy, traced, torch.tensor(images))  # a tensor of its own, to be changed in place
        whole = copy(torch.tensor(images))
    graph, names = read(copy, traced, values)
    for name, array in outputs(graph, images):
        for node in (node for node, given in names.items() if given == name):
            if not _alike(array, values[node]):
                raise refusal(
                    node,
                    copy,
                    "computes something else than the layer it was read as; is a tensor changed in place and used "
                    "elsewhere, or does a hook change it? Write it without",
                )
    if not _alike(array, whole):
        raise ConversionError(
            "the module gives another output than its layers; does a hook change it, or an operation in place? Write "
            "it without"
        )
    return graph


def _alike(found, tensor):
    expected = tensor.numpy()
    scale = np.abs(expected).max()
    return found.shape == expected.shape and np.allclose(found, expected, rtol=0, atol=TOLERANCE * scale + 1e-12)
