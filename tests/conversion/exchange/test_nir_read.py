"""NIR files of other programs are read, or refused by name; damaged ones in one sentence."""

import contextlib
import itertools

import nir
import numpy as np
import pytest
from nir_steps import by_its_equations

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.exchange import load_nir, save_nir
from stdpnet.conversion.simulators import simulate

STEPS = 24


def neurons(shape, threshold=1.0, r=1.0, reset=0.0):
    """Return neurons of NIR."""
    r, threshold, reset = (np.broadcast_to(value, shape).astype(np.float32) for value in (r, threshold, reset))
    return nir.IF(r, threshold, reset)


def test_graphs_of_other_programs_are_read(tmp_path):
    rng = np.random.default_rng(0)
    nodes = {
        "z_in": nir.Input(np.array([2, 6, 6])),
        "conv": nir.Conv2d((6, 6), rng.normal(size=(3, 2, 3, 3)), 1, "same", 1, 1, rng.normal(size=3)),
        "cells": neurons((3, 6, 6), threshold=rng.uniform(0.5, 3, (3, 6, 6)), r=0.5),
        "sums": nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
        "scale": nir.Scale(rng.uniform(0.1, 1, (3, 3, 3))),
        "more": neurons((3, 3, 3), threshold=np.array([0.5, 1.0, 2.0])[:, None, None]),
        "flat": nir.Flatten({"input": np.array([3, 3, 3])}, 0, -1),
        "one": nir.Linear(rng.normal(size=(4, 27))),
        "other": nir.Affine(rng.normal(size=(4, 27)), rng.normal(size=4)),
        "a_last": neurons((4,)),  # its potential may stay at the threshold, where neurons of NIR do not spike
        "ones": nir.Affine(np.eye(4) * 0.5, np.zeros(4)),
        "sum": nir.I(np.ones(4)),
        "a_out": nir.Output(np.array([4])),
    }
    row = ["z_in", "conv", "cells", "sums", "scale", "more", "flat", "one", "a_last", "ones", "sum", "a_out"]
    graph = nir.NIRGraph(nodes, [*itertools.pairwise(row), ("flat", "other"), ("other", "a_last")])
    nir.write(tmp_path / "graph.nir", graph)
    network = load_nir(tmp_path / "graph.nir")
    images = rng.normal(size=(3, 2, 6, 6))
    found = simulate(network, images, STEPS, dtype="float64", keep="counts")
    for number, image in enumerate(images):
        counts, total = by_its_equations(graph, image, STEPS)
        for name in ("cells", "more", "a_last"):
            np.testing.assert_array_equal(found.counts[name][number], counts[name])
        np.testing.assert_allclose(found.scores[number], total)


def test_neurons_spike_above_their_threshold_only(tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": neurons((2,), 1.0), "out": nir.Output(np.array([2]))}
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, [("in", "cells"), ("cells", "out")]))
    result = simulate(load_nir(tmp_path / "graph.nir"), np.array([[0.5, 0.75]]), 6)
    np.testing.assert_array_equal(result.scores, [[2, 3]])  # 0.5 reaches 1 in the second step, and 1.5 in the third


CELLS = np.ones(2)
UNREAD = {
    "cells: LIF, neurons that leak": nir.LIF(CELLS, CELLS, 0 * CELLS, CELLS),
    "cells: Delay, a delay": nir.Delay(CELLS),
    "cells: Threshold, a threshold without": nir.Threshold(CELLS),
    "cells: v_reset is not 0": nir.IF(CELLS, CELLS, -CELLS),
    "cells: v_threshold is not above 0": nir.IF(CELLS, -CELLS),
    "cells: LI, a leaky integrator": nir.LI(CELLS, CELLS, 0 * CELLS),
}


@pytest.mark.parametrize("words", UNREAD)
def test_what_these_neurons_cannot_compute_is_refused_by_name(words, tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": UNREAD[words], "out": nir.Output(np.array([2]))}
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, [("in", "cells"), ("cells", "out")]))
    with pytest.raises(ConversionError, match=words):
        load_nir(tmp_path / "graph.nir")


def test_loops_are_refused(tmp_path):
    nodes = {"in": nir.Input(np.array([2])), "cells": neurons((2,)), "w": nir.Linear(np.eye(2))}
    nodes["out"] = nir.Output(np.array([2]))
    edges = [("in", "cells"), ("cells", "w"), ("w", "cells"), ("cells", "out")]
    nir.write(tmp_path / "graph.nir", nir.NIRGraph(nodes, edges))
    with pytest.raises(ConversionError, match="a recurrent connection"):
        load_nir(tmp_path / "graph.nir")


def test_bad_files_are_said_in_one_sentence(made, tmp_path):
    path = tmp_path / "network.nir"
    with pytest.raises(ConversionError, match="no such file; expected a NIR graph"):
        load_nir(path)
    save_nir(made[0], path)
    whole = path.read_bytes()
    for start in range(0, len(whole), len(whole) // 10):  # it may hit what is not used, or be one error
        path.write_bytes(whole[:start] + b"\xff" * 64 + whole[start + 64 :])
        with contextlib.suppress(ConversionError):
            assert load_nir(path).output == "scores"
    for damage in (b"", b"not a graph", whole[: len(whole) // 2]):
        path.write_bytes(damage)
        with pytest.raises(ConversionError, match=r"network\.nir: damaged, or no NIR graph"):
            load_nir(path)
    import h5py

    with h5py.File(path, "w") as file:
        file["other"] = 1
    with pytest.raises(ConversionError, match="damaged, or no NIR graph"):
        load_nir(path)
    nir.write(path, nir.Linear(np.eye(2)))
    with pytest.raises(ConversionError, match="damaged, or no NIR graph"):
        load_nir(path)
