"""A graph as one npz file: its arrays, and the layers and their order as JSON text."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from os import PathLike

import numpy as np

from stdpnet.base.errors import ConversionError, RunFolderError
from stdpnet.base.files import npz_arrays, write_arrays
from stdpnet.conversion.graph import endings, layers, maps, rates
from stdpnet.conversion.graph.graph import Graph, Node
from stdpnet.conversion.spiking import encoding, gate, lif, neurons, readout

FORMAT = "stdpnet graph"
VERSION = 1
#: Layers that have another name in files.
FILE_NAMES = {"AnalogueInput": "AnalogInput"}
#: Name of the entry with the JSON text; arrays are named "node.field".
TEXT = "graph"
#: Layers by their name in a file.
KINDS: dict[str, type[layers.Layer]] = {
    FILE_NAMES.get(name, name): kind
    for module in (layers, maps, endings, rates, encoding, gate, neurons, lif, readout)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, layers.Layer)
}


def save(graph: Graph, path: str | PathLike) -> None:
    """Write a graph into one npz file, whole or not at all.

    Parameters
    ----------
    graph : Graph
        Of an analogue or a spiking network.
    path : path
        By custom ends in ``.npz``.

    Raises
    ------
    ConversionError
        When the graph holds other kinds of layers, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> nodes = {"image": Node(layers.Input((2,))), "scores": Node(layers.Output(), ("image",))}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Graph(nodes), f"{folder}/model.npz")
    ...     load(f"{folder}/model.npz")
    Graph of 2 nodes: (2,) to (2,), 0 weights and biases
      image   Input   (2,)
      scores  Output  (2,)
    """
    with being_written(path):
        write_arrays(path, to_arrays(graph))


@contextmanager
def being_written(path: str | PathLike) -> Iterator[None]:
    """Turn what goes wrong in a ``with`` block, while a file is written, into one error.

    Raises
    ------
    ConversionError
        When it cannot be written, or not whole.
    """
    try:
        yield
    except OSError as error:
        raise ConversionError(f"{path}: cannot be written ({error.strerror}); choose another folder") from None
    except RunFolderError as error:  # a full disk
        raise ConversionError(str(error)) from None


def to_arrays(graph: Graph) -> dict[str, np.ndarray]:
    """Return a graph as named arrays; the error is that of `save` for other kinds of layers."""
    nodes, arrays = [], {}
    for name, node in graph.nodes.items():
        kind = FILE_NAMES.get(type(node.layer).__name__, type(node.layer).__name__)
        if KINDS.get(kind) is not type(node.layer):
            raise ConversionError(f"{name}: a {kind} cannot be saved; expected one of {', '.join(KINDS)}")
        found = node.layer.arrays()
        values = {item.name: getattr(node.layer, item.name) for item in fields(node.layer) if item.name not in found}
        arrays.update({f"{name}.{field}": array for field, array in found.items()})
        nodes.append({"name": name, "kind": kind, "inputs": node.inputs, "arrays": list(found), "values": values})
    text = json.dumps({"format": FORMAT, "version": VERSION, "nodes": nodes}, default=np.generic.item)
    return {TEXT: np.array(text), **arrays}


def load(path: str | PathLike) -> Graph:
    """Read a graph that `save` wrote; no pickle is ever loaded.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Graph

    Raises
    ------
    ConversionError
        When the file is missing, damaged, not a graph, or of another version of the format.

    Examples
    --------
    See `save`. The graph of a spiking network goes into ``SpikingNetwork(graph, {})``: no simulator needs the scales.

    >>> load("nowhere.npz")
    Traceback (most recent call last):
    stdpnet.base.errors.ConversionError: nowhere.npz: no such file; expected a graph that `save` wrote
    """
    return from_arrays(read(path), path)


def from_arrays(arrays: Mapping[str, np.ndarray], path: str | PathLike) -> Graph:
    """Return the graph among named arrays; errors are those of `load`, about the file that they are from.

    Parameters
    ----------
    arrays : mapping of str to ndarray
    path : path-like
    """
    try:
        description = json.loads(str(arrays[TEXT]))
        found = description["format"], description["version"]
    except (KeyError, RecursionError, TypeError, ValueError):
        raise ConversionError(f"{path}: holds no graph; expected a file that `save` wrote") from None
    if found != (FORMAT, VERSION):
        raise ConversionError(
            f"{path}: is {found[0]!r} version {found[1]}; expected {FORMAT!r} version {VERSION}: import the model anew"
        )
    try:
        return Graph({entry["name"]: _node(entry, arrays) for entry in description["nodes"]})
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:  # also a ConversionError
        raise ConversionError(f"{path}: damaged graph ({error}); import the model anew") from None


def read(path: str | PathLike) -> dict[str, np.ndarray]:
    """Return the arrays in a file; errors are those of `load` for files that are missing, damaged, or no npz."""
    try:
        return npz_arrays(path)
    except FileNotFoundError:
        raise ConversionError(f"{path}: no such file; expected a graph that `save` wrote") from None
    except ValueError as error:
        raise ConversionError(f"{path}: damaged or no npz file ({error}); import the model anew") from None


def _node(entry, arrays):
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in entry["values"].items()}
    held = {field: arrays[f"{entry['name']}.{field}"] for field in entry["arrays"]}
    return Node(KINDS[entry["kind"]](**values, **held), tuple(entry["inputs"]))
