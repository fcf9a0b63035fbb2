"""Graphs on disk: what was saved is loaded to the bit, and every damage is named."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from graphs import chain, dense, every_kind, linear_map

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import layers
from stdpnet.conversion.graph.endings import Sigmoid
from stdpnet.conversion.graph.forward import forward, scores
from stdpnet.conversion.graph.maps import Affine
from stdpnet.conversion.simulators.torch_simulator import simulate
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.readout import READOUTS
from stdpnet.conversion.storage import KINDS, load, save


@pytest.fixture
def path(tmp_path):
    """Return the path of a saved graph."""
    path = tmp_path / "graph.npz"
    save(every_kind(np.random.default_rng(0)), path)
    return path


def description(path):
    """Return the JSON text of a saved graph, read without the package."""
    with np.load(path) as archive:
        return json.loads(str(archive["graph"]))


def rewrite(path, **entries):
    """Replace entries of a saved graph, or take them out if they are None."""
    with np.load(path) as archive:
        arrays = {**archive, **entries}
    with open(path, "wb") as file:
        np.savez(file, **{name: array for name, array in arrays.items() if array is not None})


def test_a_loaded_graph_is_the_saved_one_to_the_bit(path):
    graph, loaded = every_kind(np.random.default_rng(0)), load(path)
    assert list(loaded.nodes) == list(graph.nodes)
    assert loaded.shapes == graph.shapes
    for name, node in graph.nodes.items():
        other = loaded.nodes[name]
        assert (type(other.layer), other.inputs) == (type(node.layer), node.inputs)
        assert {k: (a.dtype, a.tobytes()) for k, a in other.layer.arrays().items()} == {
            k: (a.dtype, a.tobytes()) for k, a in node.layer.arrays().items()
        }
    images = np.random.default_rng(1).normal(size=(2, 2, 8, 8))
    expected, found = forward(graph, images), forward(loaded, images)
    assert all(np.array_equal(found[name], array) for name, array in expected.items())


def test_settings_of_layers_are_kept(tmp_path):
    weights = np.ones((4, 1, 2, 3), np.float32)
    convolution = layers.Convolution(weights, np.ones(4), (2, np.int64(1)), (0, 3), (1, 2), groups=2)
    pooling = layers.MaxPooling((3, 2), (1, 2), (1, 0))
    save(chain((2, 9, 9), a=convolution, b=pooling), tmp_path / "g.npz")
    nodes = load(tmp_path / "g.npz").nodes
    found = nodes["a"].layer
    assert (found.stride, found.padding, found.dilation, found.groups) == ((2, 1), (0, 3), (1, 2), 2)
    assert found.weights.dtype == np.float32
    found = nodes["b"].layer
    assert (type(found), found.size, found.stride, found.padding) == (layers.MaxPooling, (3, 2), (1, 2), (1, 0))


def test_every_kind_of_layer_can_be_saved(path):
    saved = {type(node.layer).__name__ for node in load(path).nodes.values()} | {"LogSoftmax"}
    assert saved == {name for name in KINDS if hasattr(layers, name)} - {"Layer", "Pooling"}


@pytest.mark.parametrize("readout", READOUTS)
def test_a_loaded_spiking_network_spikes_as_the_saved_one(tmp_path, readout):
    rng = np.random.default_rng(2)
    images = rng.random((3, 2, 6, 6))
    graph = chain(
        (2, 6, 6),
        a=layers.Convolution(rng.normal(size=(3, 2, 3, 3)), np.zeros(3)),
        b=layers.ReLU(),
        c=layers.MaxPooling((2, 2), (2, 2)),
        d=layers.Flatten(),
        e=dense(rng, 4, 12),
    )
    options = {"reset": "zero", "initial": 0.25, "pool_first": False, "gate": "finite:3", "encoding": "poisson"}
    network = convert(graph, images, readout=readout, seed=5, **options)
    save(network.graph, tmp_path / "spiking.npz")
    loaded = SpikingNetwork(load(tmp_path / "spiking.npz"), network.scales)
    expected, found = (simulate(one, images, 12) for one in (network, loaded))
    assert sum(counts.sum() for counts in expected.spikes.values()) > 0
    for name in expected.spikes:
        np.testing.assert_array_equal(found.spikes[name], expected.spikes[name])
    np.testing.assert_array_equal(found.predictions, expected.predictions)


def test_maps_and_endings_come_back_as_they_were(tmp_path):
    rng = np.random.default_rng(0)
    made = {"factor": Affine(*rng.normal(size=(2, 2))), "turn": linear_map(rng, (2, 3), (4,)), "end": Sigmoid()}
    graph = chain((2, 3), **made)
    save(graph, tmp_path / "g.npz")
    images = rng.normal(size=(3, 2, 3))
    np.testing.assert_array_equal(scores(load(tmp_path / "g.npz"), images), scores(graph, images))
    assert load(tmp_path / "g.npz").nodes["turn"].layer.places.dtype == np.int32


def test_what_cannot_be_saved_is_named_and_the_old_file_stays(path):
    class Cosine(layers.Layer):
        """A layer of another module."""

    before = path.read_bytes()
    with pytest.raises(ConversionError, match="act: a Cosine cannot be saved; expected one of "):
        save(chain((3,), act=Cosine()), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_short_is_reported(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ConversionError, match=r"graph\.npz: damaged or no npz file .*; import the model anew"):
        load(path)


def test_changed_bytes_are_reported(path):
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("dense.weights.npy").header_offset
    content[start + 400] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ConversionError, match="damaged or no npz file"):
        load(path)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(ConversionError, match=r"none\.npz: no such file; expected a graph that `save` wrote"):
        load(tmp_path / "none.npz")


def test_a_folder_that_is_not_there_is_reported(tmp_path):
    graph = every_kind(np.random.default_rng(0))
    with pytest.raises(ConversionError, match=r"g\.npz: cannot be written \(No such file or directory\)"):
        save(graph, tmp_path / "none" / "g.npz")


def test_arrays_of_another_program_are_reported(tmp_path):
    np.savez(tmp_path / "weights.npz", a=np.ones(3))
    with pytest.raises(ConversionError, match="holds no graph; expected a file that `save` wrote"):
        load(tmp_path / "weights.npz")


def test_a_pickle_is_never_loaded(tmp_path):
    class Harmful:
        def __reduce__(self):
            return pytest.fail, ("the pickle was loaded",)

    plain = tmp_path / "plain.npz"
    plain.write_bytes(pickle.dumps(Harmful()))
    inside = tmp_path / "inside.npz"
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": ()})
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("graph.npy", header.getvalue() + pickle.dumps(Harmful()))
    for path in (plain, inside):
        with pytest.raises(ConversionError, match="damaged or no npz file"):
            load(path)


def test_another_version_is_reported(path):
    rewrite(path, graph=json.dumps({**description(path), "version": 99}))
    with pytest.raises(ConversionError, match="is 'stdpnet graph' version 99; expected 'stdpnet graph' version 1"):
        load(path)


def changed(nodes, i, **entries):
    """Return the description of nodes with one of them changed."""
    return [*nodes[:i], {**nodes[i], **entries}, *nodes[i + 1 :]]


DAMAGES = {
    "an array is missing": ({"dense.weights": None}, None),
    "an array has another shape": ({"dense.weights": np.ones((5, 7))}, None),
    "an unknown kind": ({}, lambda nodes: changed(nodes, 3, kind="Cosine")),
    "a node is missing": ({}, lambda nodes: nodes[:3] + nodes[4:]),
    "another order": ({}, lambda nodes: nodes[::-1]),
    "a setting is missing": ({}, lambda nodes: changed(nodes, 0, values={})),
    "no list": ({}, lambda nodes: 7),
}


@pytest.mark.parametrize("entries, change", DAMAGES.values(), ids=DAMAGES)
def test_a_graph_that_does_not_fit_together_is_reported(path, entries, change):
    if change:
        text = description(path)
        entries = {"graph": json.dumps({**text, "nodes": change(text["nodes"])})}
    rewrite(path, **entries)
    with pytest.raises(ConversionError, match=r"graph\.npz: damaged graph \(.+\); import the model anew"):
        load(path)


@pytest.mark.parametrize("name", ["a/b", "../above", "file", "graph", "a.weights", "ü ?", "x.npy"])
def test_nodes_may_have_any_name(tmp_path, name):
    rng = np.random.default_rng(0)
    graph = chain((3,), **{name: dense(rng, 2, 3), "other": dense(rng, 2, 2)})
    save(graph, tmp_path / "g.npz")
    loaded = load(tmp_path / "g.npz")
    np.testing.assert_array_equal(loaded.nodes[name].layer.weights, graph.nodes[name].layer.weights)
    np.testing.assert_array_equal(loaded.nodes["other"].layer.bias, graph.nodes["other"].layer.bias)
