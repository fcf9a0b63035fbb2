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

#: Of any tensor; what does not fit its shape is an error of the module itself.
STEPS = [
    *("x * {c}", "x + {c}", "{c} - x", "x / {c}", "-x", "x.abs()", "x.relu_()", "x.clamp({c}, 1)", "x * (x > 0)"),
    *("x.flatten(1)", "x.flatten({d})", "x.transpose({d}, {e})", "x.permute(0, 3, 1, 2)", "x.unsqueeze({d})"),
    *("x.squeeze()", "x.squeeze({d})", "x[:, {n}:]", "x[..., ::{n}]", "x[{n}]", "x[:, None]", "x.mean({d})"),
    *("x.sum({d}, keepdim=True)", "x.amax({d})", "x.max({d})[0]", "x.max({d})[1]", "x.argmax({d})", "x.std({d})"),
    *("x.reshape(len(x), -1, 2)", "x.view(-1, 4)", "x.reshape(-1)", "x.chunk(2, {d})[1]", "x.flip({d})", "x.T"),
    *("torch.cat([x, y], {d})", "torch.stack([x, y], {d})", "x + y", "x - y", "x * y", "x @ y", "torch.max(x, y)"),
    *("x + x.mean({d}, keepdim=True)", "x.expand(2, *x.shape)", "x.repeat(1, {n}, *[1] * (x.dim() - 2))"),
    *("nn.Conv2d(x.shape[1], {n}, 3, {n}, padding={n}, dilation={n})(x)", "nn.Conv2d(4, {n}, 1)(x)", "x.tile(2)"),
    *("nn.Conv1d(x.shape[1], {n}, {n})(x)", "nn.Linear(x.shape[-1], {n})(x)", "nn.ConvTranspose2d(4, 2, {n}, {n})(x)"),
    *("nn.MaxPool2d({n}, ceil_mode=True)(x)", "nn.AvgPool2d(3, {n}, 1, count_include_pad=False)(x)", "x.softmax({d})"),
    *("nn.AdaptiveAvgPool2d({n})(x)", "nn.BatchNorm2d(x.shape[1]).eval()(x)", "nn.PixelShuffle({n})(x)", "x.log()"),
    *("F.pad(x, ({n}, {m}), value={c})", "F.pad(x, ({n}, {m}, 1, 0), mode='reflect')", "F.gelu(x)", "x.sigmoid()"),
    *("F.interpolate(x, scale_factor={n})", "F.interpolate(x, size={n}, mode='bilinear')", "x.int()", "x.bool()"),
    *("torch.where(x > 0, x, y)", "x if x.sum() > 0 else y", "x.double().float()", "torch.zeros_like(x)", "x ** 2"),
    *("x.masked_fill(x > 0, {c})", "(x, y)[{m} % 2]", "(x, y)", "x.numpy()", "float(x.sum())", "x.cumsum({d})", "None"),
    *(
        "operator.setitem(x, (slice(None), {m}), {c}) or x",
        "operator.setitem(x, {m}, y) or x",
        "x.add_(y)",
        "x.unbind({d})",
    ),
    *(
        "x.roll({n}, {d})",
        "torch.where(x > {c}, x, 0)",
        "x.sort({d})[0]",
        "x.topk(1, {d})[0]",
        "F.layer_norm(x, x.shape[1:])",
    ),
]


class Random(nn.Module):
    """Steps one after the other, the results before at hand as ``y``; layers are made once."""

    def __init__(self, random):
        super().__init__()
        fill = {"c": "0 0.5 -1 2", "d": "0 1 2 3 -1 -2", "e": "1 2 3", "n": "1 2 3", "m": "0 1 2"}
        self.steps = [
            random.choice(STEPS).format(**{key: random.choice(values.split()) for key, values in fill.items()})
            for _ in range(random.randint(1, 6))
        ]
        self.seed = random.randint(0, 99)

    def forward(self, x):
        earlier = [x]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)  # layers that are made in a step have the same weights in every run
            for k, step in enumerate(self.steps):
                x = eval(step, {**NAMES, "x": x, "y": earlier[(self.seed + k) % len(earlier)]})
                if isinstance(x, torch.Tensor):
                    earlier.append(x)
        return x


def check(seed):
    """Import a random module, and return whether it was converted; it then computes the same."""
    model = Random(random.Random(seed))
    shape = random.Random(seed).choice([(4, 6, 6), (4, 6, 6), (4, 6), (8,)])
    try:
        graph = import_model(model, shape)
    except StdpnetError as error:
        assert "\n" not in str(error), model.steps
        return False
    images = np.random.default_rng(seed).normal(size=(4, *shape))
    with torch.no_grad():
        expected = model(torch.tensor(images, dtype=torch.float32)).double().numpy()
    found = scores(graph, images.astype(np.float32).astype(float))
    if expected.shape == (4,) and found.shape != (4, 1):
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
