"""Accuracy over simulation time, operations, energy: plain data for JSON, in the terms of the conversions' report."""

from typing import Any

import numpy as np

from stdpnet.backprop.evaluation.responses import Responses
from stdpnet.backprop.network import Network
from stdpnet.base.labelled.energy import energy, operations
from stdpnet.base.scoring import score

NOTHING = {"macs": 0, "bias_additions": 0}


def report(network: Network, responses: Responses, labels: np.ndarray) -> dict[str, Any]:
    """Return what a spiking network costs, beside an analogue one with the same layers.

    An event or a spike is an addition for each neuron that it reaches; with inhibition, a spike reaches the other
    neurons of its layer as well. Input events are made outside.

    Parameters
    ----------
    network : Network
    responses : Responses
    labels : ndarray of int, shape (n_images,)

    Returns
    -------
    dict
        All numbers of operations are means over the images.

    Examples
    --------
    >>> from stdpnet.backprop.network import Description
    >>> network = Network(Description((2,), n_inputs=3))
    >>> shown = Responses(np.array([[0, 1]]), np.array([1.0, 2.0]), np.array([[1.0, 1.0]]))
    >>> found = report(network, shown, np.array([1]))
    >>> found["spiking"]["accuracy"], found["spiking"]["operations"], found["analogue"]["operations"]
    (1.0, 6.0, 12)
    """
    sizes = [layer.weights.shape for layer in network.layers]
    reached = [size[0] for size in sizes]
    analogue = {"macs": int(sum(neurons * inputs for neurons, inputs in sizes)), "bias_additions": 0}
    senders = [responses.events, *responses.spikes[:-1]]
    additions = np.zeros(len(responses.events))
    for sent, neurons in zip(senders, reached, strict=True):
        additions += sent * neurons
    for layer, spikes in zip(network.layers, responses.spikes, strict=True):
        if layer.kind != "none":
            additions += spikes * (len(layer.thresholds) - 1)
    used, reference = np.cumsum(additions), operations(analogue)
    curve = [
        {"step": step + 1, **score(predictions, labels)}
        | {"operations": float(used[step]), "relative_operations": float(used[step] / reference)}
        for step, predictions in enumerate(responses.predictions.T)
    ]
    total, updates = float(used[-1]), sum(reached) * len(curve)
    return {
        "analogue": {"operations": reference, **analogue},
        "spiking": {**curve[-1], "neurons": sum(reached)},
        "input_events": float(responses.events.sum()),
        "spikes": responses.spikes.sum(axis=1).tolist(),
        "energy": energy(analogue, NOTHING, total, total, updates),
        "curve": curve,
    }
