"""A spiking network step by step and image by image in NumPy: what the simulators are compared with."""

import numpy as np

from stdpnet.conversion.graph.forward import compute
from stdpnet.conversion.spiking.encoding import PoissonInput, generator
from stdpnet.conversion.spiking.gate import MaxGate
from stdpnet.conversion.spiking.neurons import IntegrateAndFire


def step_by_step(network, images, steps):
    """Return the spikes of each neuron layer, (n_images, steps, *shape), and the sums at the output.

    Gates are cumulative: they pass on by how much the largest sum in a window has grown.
    """
    graph = network.graph
    rasters = {name: np.zeros((len(images), steps, *graph.shapes[name])) for name in network.spiking_layers}
    sums = np.zeros((len(images), *graph.shapes[network.output]))
    for number, image in enumerate(images):
        state = {name: np.zeros(1) for name in graph.names(MaxGate)}
        state |= {name: graph.nodes[name].layer.initial for name in graph.names(IntegrateAndFire)}
        sent = dict.fromkeys(graph.names(IntegrateAndFire), 0)
        total, encoding = {}, graph.nodes[network.source].layer
        if isinstance(encoding, PoissonInput):
            trains = encoding.spikes(image, generator(encoding.seed, "input", number), steps).astype(float)
        for step in range(steps):
            values = {}
            for name, node in graph.nodes.items():
                given = [values[source] for source in node.inputs]
                if not given:
                    values[name] = (trains[step] if isinstance(encoding, PoissonInput) else image)[None]
                elif isinstance(node.layer, IntegrateAndFire):
                    state[name] = state[name] + given[0]
                    values[name] = (state[name] >= 1).astype(float)
                    if node.layer.signed:
                        values[name] = np.where((state[name] < 0) & (sent[name] > 0), -1.0, values[name])
                        sent[name] = sent[name] + values[name]
                    zero = node.layer.reset == "zero"
                    state[name] = np.where(values[name], 0 if zero else state[name] - values[name], state[name])
                elif isinstance(node.layer, MaxGate):
                    total[name] = total.get(name, 0) + given[0]
                    largest = compute(node.layer, total[name])
                    values[name], state[name] = largest - state[name], largest
                else:
                    values[name] = compute(node.layer, *given)
                if name in rasters:
                    rasters[name][number, step] = values[name][0]
            sums[number] += values[network.output][0]
    return rasters, sums
