"""PyTorch modules: run once, and every function followed."""

import logging

import numpy as np
import torch
from torch.utils._pytree import tree_flatten

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.graph.endings import ENDINGS
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.graph.layers import Output
from stdpnet.conversion.graph.lean import with_lean_weights
from stdpnet.conversion.importers.pytorch.copies import check_arguments, copied, evaluation_copy, failure
from stdpnet.conversion.importers.pytorch.refusal import first_line
from stdpnet.conversion.importers.pytorch.symbols import N_IMAGES, Classes, Refused, Symbol
from stdpnet.conversion.importers.pytorch.tracing import Tracer, run_in_double
from stdpnet.conversion.importers.shape import checked_shape

LOGGER = logging.getLogger("stdpnet")
#: Other images than it was read with, and another number, that the module and its graph must answer alike.
N_CHECKED = 3
#: Relative to the greatest output, in double precision.
TOLERANCE = 1e-9
#: The same for a run in which the module may ask for single precision.
ROUGH = 1e-3


def import_module(model: torch.nn.Module, input_shape: tuple[int, ...] | None) -> Graph:
    """Turn a module into a graph, and compare its output with that of the module on other random images.

    The module is run, not read: what it computes with each tensor that depends on the images is followed
    through every function of PyTorch. The comparison catches what that cannot see.

    Parameters
    ----------
    model : torch.nn.Module
        It is copied, not changed; the copy is in evaluation mode and double precision.
    input_shape : tuple of int
        Shape of one image without the batch.

    Returns
    -------
    Graph
        With arrays of float64, or of float32 where they are large and it holds their numbers, and nodes named by their
        path in the module.

    Raises
    ------
    ConversionError
        When the module cannot be run on such images, or converted in full.
    """
    if not isinstance(model, torch.nn.Module):
        raise ConversionError(f"model is a {type(model).__name__}; expected a torch.nn.Module")
    shape = checked_shape(input_shape)
    copy = evaluation_copy(model)
    check_arguments(copy)
    tracer = Tracer(copy, _images(0, N_IMAGES, shape))
    try:
        output = tracer.run()
    except ConversionError:
        raise
    except Exception as error:  # modules raise what they like
        raise failure(model, _images(0, N_IMAGES, shape), error) from None
    symbol, only_classes = _last(model, output, tracer.meaning)
    graph = tracer.builder.graph(symbol)
    for name in graph.names(*ENDINGS):
        if not all(isinstance(graph.nodes[consumer].layer, Output) for consumer in graph.consumers(name)):
            raise tracer.ends[name]
    if only_classes:
        LOGGER.info("argmax at the end is left out: the class is that of the highest score")
    _check(model, copy, graph, _images(1, N_CHECKED, shape))
    return with_lean_weights(graph)


def _images(seed, count, shape):
    return torch.tensor(np.random.default_rng(seed).normal(size=(count, *shape)))


def _last(model, output, meaning_of):
    """Return the symbol of the output, and whether the module gives classes instead of scores."""
    name = type(model).__name__
    for tensor in tree_flatten(output)[0]:
        if isinstance(tensor, torch.Tensor) and isinstance(refused := meaning_of(tensor), Refused):
            raise refused.error
    if not isinstance(output, torch.Tensor):
        raise ConversionError(f"{name} returns a {type(output).__name__}; expected one tensor")
    meaning = meaning_of(output)
    if isinstance(meaning, Classes):
        return meaning.scores, True
    if not isinstance(meaning, Symbol):
        raise ConversionError(f"the output of {name} is no tensor of numbers that depends on the images")
    if meaning.ndim == 1:  # a number for each image
        meaning = meaning.moved(lambda numbers: numbers.unsqueeze(1))
    try:
        meaning.places()
    except ConversionError as error:
        raise ConversionError(f"the output of {name}: {error}") from None
    return meaning, False


def _check(model, copy, graph, images):
    """Compare on other images, also with a run that rounds as the module does."""
    name, found = type(copy).__name__, np.concatenate([scores(graph, image[None].numpy()) for image in images])
    try:
        alike = _alike(found, run_in_double(copy, images.clone()), TOLERANCE)
    except Exception as error:  # modules raise what they like
        raise ConversionError(
            f"{name} takes {N_IMAGES} images at a time, but not {len(images)}: {first_line(error)}; expected a forward "
            "that takes any number"
        ) from None
    if not (alike and _alike(found, _plain_run(model, copy, images), ROUGH)):
        raise ConversionError(
            f"{name} computes something else on other images than its layers do; does it draw random numbers, keep "
            "something from call to call, or compute outside of PyTorch's functions? Write it without"
        )


@torch.no_grad()
def _plain_run(model, copy, images):
    try:
        return copy(images.clone())
    except Exception:  # it asks for single precision somewhere
        return copied(model).cpu().float().eval()(images.float())


def _alike(found, tensor, tolerance):
    expected = tensor.numpy()
    if expected.dtype.kind == "i":
        return np.array_equal(found.argmax(axis=1), expected.ravel())
    if found.size != expected.size:
        return False
    limit = tolerance * np.abs(expected).max() + 1e-12
    return np.allclose(found.reshape(expected.shape), expected, rtol=0, atol=limit)
