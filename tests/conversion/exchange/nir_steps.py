"""What a NIR graph does by the equations in the docstrings of nir's nodes, written apart."""

import nir
import numpy as np
import torch


def by_its_equations(graph, image, steps):
    """Return spikes of each neuron and the sum of the output, by the equations in the docstrings of nir's nodes."""
    pools = {nir.AvgPool2d: torch.nn.functional.avg_pool2d, nir.SumPool2d: torch.nn.functional.avg_pool2d}

    def linear(node, x):
        if isinstance(node, nir.Affine | nir.Linear):
            return node.weight.astype(float) @ x + getattr(node, "bias", 0)
        if isinstance(node, nir.Scale):
            return node.scale * x
        if isinstance(node, nir.Flatten):
            return x.ravel()
        if type(node) in pools:
            size, stride, padding = (tuple(map(int, v)) for v in (node.kernel_size, node.stride, node.padding))
            found = pools[type(node)](torch.tensor(x)[None], size, stride, padding)[0].numpy()
            return found * (np.prod(size) if isinstance(node, nir.SumPool2d) else 1)
        weights, bias = torch.tensor(node.weight).double(), torch.tensor(node.bias).double()
        padding = node.padding if isinstance(node.padding, str) else tuple(map(int, node.padding))
        places = (tuple(map(int, pair)) for pair in (node.stride, node.dilation))
        stride, dilation = places
        x = torch.tensor(x)[None]
        return torch.nn.functional.conv2d(x, weights, bias, stride, padding, dilation, int(node.groups))[0].numpy()

    state = {name: np.zeros(node.r.shape) for name, node in graph.nodes.items() if isinstance(node, nir.IF | nir.I)}
    counts, total = {name: np.zeros(values.shape) for name, values in state.items()}, 0
    (out,) = graph.outputs
    for _ in range(steps):
        values = dict.fromkeys(graph.inputs, image)
        while len(values) < len(graph.nodes):
            for name, node in graph.nodes.items():
                sources = [source for source, target in graph.edges if target == name]
                if name in values or not set(sources) <= set(values):
                    continue
                x = sum(values[source] for source in sources)
                if isinstance(node, nir.I):
                    state[name] = x = state[name] + node.r * x
                elif isinstance(node, nir.IF):
                    v = state[name] + node.r * x
                    x = (v > node.v_threshold).astype(float)
                    state[name] = np.where(x > 0, node.v_reset, v)
                    counts[name] += x
                elif not isinstance(node, nir.Output):
                    x = linear(node, x)
                values[name] = x
        integrated = any(isinstance(graph.nodes[source], nir.I) for source, target in graph.edges if target == out)
        total = values[out] if integrated else total + values[out]
    return counts, total
