"""Random modules: each is converted exactly, or refused with one error; nothing else is ever raised."""

import random
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch_patterns import NAMES

from stdpnet.base.errors import StdpnetError
from stdpnet.conversion.graph import endings
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify

#: Of any tensor.
STEPS = [
    *("x * {c}", "x + {c}", "{c} - x", "x / {c}", "-x", "x.abs()", "x.relu_()", "x.clamp({c}, 1)", "x * (x > 0)"),
    *("x.flatten(1)", "x.flatten({d})", "x.transpose({d}, {e})", "x.permute(0, 3, 1, 2)", "x.unsqueeze({d})"),
    *("x.squeeze()", "x.squeeze({d})", "x[:, {n}:]", "x[..., ::{n}]", "x[:, None]", "x.mean({d})", "x.relu()"),
    *("x.sum({d}, keepdim=True)", "x.amax({d})", "x.max({d})[0]", "x.reshape(len(x), -1, 2)", "x.view(-1, 4)"),
    *("x.chunk(2, {d})[1]", "x.flip({d})", "torch.cat([x, y], {d})", "torch.stack([x, y], {d})", "x + y", "x - y"),
    *("torch.max(x, y)", "x + x.mean({d}, keepdim=True)", "x.repeat(1, {n}, *[1] * (x.dim() - 2))", "x.tile(2)"),
    *("net.made(nn.Conv2d, x.shape[1], {n}, 3, {n}, {n}, {n})(x)", "net.made(nn.Conv2d, 4, {n}, 1)(x)"),
    *("net.made(nn.Conv1d, x.shape[1], {n}, {n})(x)", "net.made(nn.Linear, x.shape[-1], {n})(x)"),
    *("net.made(nn.ConvTranspose2d, 4, 2, {n}, {n})(x)", "nn.MaxPool2d({n}, ceil_mode=True)(x)"),
    *("nn.AvgPool2d(3, {n}, 1, count_include_pad=False)(x)", "nn.AdaptiveAvgPool2d({n})(x)", "nn.PixelShuffle({n})(x)"),
    *("net.made(nn.BatchNorm2d, x.shape[1]).eval()(x)", "F.pad(x, ({n}, {m}), value={c})", "x.roll({n}, {d})"),
    *("F.pad(x, ({n}, {m}, 1, 0), mode='reflect')", "F.interpolate(x, scale_factor={n})", "x.add_(y)", "y"),
    *("F.interpolate(x, size={n}, mode='bilinear')", "x.double().float()", "torch.where(x > 0, x, {m} * x)"),
    *(
        "x.masked_fill(x > 0, 0)",
        "(x, y)[{m} % 2]",
        "operator.setitem(x, (slice(None), {m}), {c}) or x",
        "x.unbind(1)[{m}]",
    ),
    *("torch.where(x < 0, 0, x)", "x.softmax({d})", "x.sigmoid()", "x.argmax({d})", "x.max({d})[1]"),
]
#: What mostly cannot be converted.
ODD = [
    *(
        "x.std({d})",
        "x.log()",
        "x @ y",
        "x * y",
        "F.gelu(x)",
        "x.int()",
        "x.bool()",
        "x ** 2",
        "x.numpy()",
        "x.T",
        "None",
    ),
    *("x if x.sum() > 0 else y", "float(x.sum())", "x.cumsum({d})", "(x, y)", "torch.zeros_like(x)", "x.sort({d})[0]"),
    *("x.topk(1, {d})[0]", "F.layer_norm(x, x.shape[1:])", "x.masked_fill(x > 0, {c})", "torch.where(x > {c}, x, 0)"),
    *(
        "operator.setitem(x, {m}, y) or x",
        "x.expand(2, *x.shape)",
        "x[{n}]",
        "x.reshape(-1)",
        "torch.where(x > 0, x, y)",
    ),
]
FILL = {"c": "0 0.5 -1 2", "d": "0 1 2 3 -1 -2", "e": "1 2 3", "n": "1 2 3", "m": "0 1 2"}


class Random(nn.Module):
    """Steps one after the other, the results before at hand as ``y``; most of them fit the shapes that they get."""

    def __init__(self, random, shape):
        super().__init__()
        self.steps, self.seed, length = [], random.randint(0, 99), random.randint(1, 8)
        self.layers = nn.ModuleDict()
        fits = random.random() < 0.9
        for _ in range(40):
            values = {key: random.choice(values.split()) for key, values in FILL.items()}
            self.steps.append(random.choice(STEPS if random.random() < 0.95 else ODD).format(**values))
            try:
                self(torch.ones(3, *shape))
            except Exception:
                self.steps = self.steps[:-1] if fits else self.steps
            if len(self.steps) == length:
                break

    def forward(self, x):
        earlier = [x]
        for k, step in enumerate(self.steps):
            x = eval(step, {**NAMES, "net": self, "x": x, "y": earlier[(self.seed + k) % len(earlier)]})
            if isinstance(x, torch.Tensor):
                earlier.append(x)
        return x

    def made(self, kind, *values):
        """Return a layer of a kind and size, the same in every run."""
        name = "_".join(map(str, (kind.__name__, *values)))
        if name not in self.layers:
            self.layers[name] = kind(*values)
        return self.layers[name]


def check(seed):
    """Import a random module, and return whether it was converted; it then computes the same."""
    drawn = random.Random(seed)
    shape = drawn.choice([(4, 6, 6), (4, 6, 6), (4, 6), (8,)])
    model = Random(drawn, shape)
    try:
        graph = import_model(model, shape)
    except StdpnetError as error:
        assert "\n" not in str(error), model.steps
        return False
    images = np.random.default_rng(seed).normal(size=(4, *shape))
    with torch.no_grad():
        expected = model(torch.tensor(images, dtype=torch.float32)).numpy()
    found = scores(graph, images.astype(np.float32).astype(float))
    if expected.dtype.kind == "i":
        np.testing.assert_array_equal(found.argmax(axis=1), expected, err_msg=str(model.steps))
        return True
    limit = 1e-4 * max(1, np.abs(expected).max())
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=0, atol=limit, err_msg=str(model.steps))
    if not graph.names(*endings.ENDINGS):
        simple = scores(simplify(graph), images)
        np.testing.assert_allclose(simple, scores(graph, images), rtol=0, atol=1e-9 * max(1, np.abs(simple).max()))
    return True


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.slow)])
def test_random_modules_are_right_or_refused(count):
    with warnings.catch_warnings(action="ignore"):
        converted = sum(check(seed) for seed in range(count))
    assert converted > count / 10
