"""Every pattern of `torch_patterns` is converted exactly, or refused with words that say why."""

import warnings

import numpy as np
import pytest
import torch
from nets import random_statistics
from torch import nn
from torch_page import PAGE, page
from torch_patterns import converted, refused

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.graph import endings
from stdpnet.conversion.graph.forward import scores
from stdpnet.conversion.importers import import_model
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.simulators import simulate

CONVERTED = {f"{text} of {shape}": (shape, make) for _, shape, text, make in converted()}
REFUSED = {f"{text} of {shape}": (shape, words, make) for _, shape, text, words, make in refused()}
#: Of each kind of layers that patterns become; the others are looked at with -m slow.
WITH_RATES = [
    "(x - net.mean) / net.std",
    "nn.LeakyReLU(0.2)",
    "x.clamp(0, 1)",
    "nn.MaxPool2d(3, 2, padding=1, ceil_mode=True)",
    "nn.AdaptiveAvgPool2d((11, 5))",
    'nn.Conv2d(4, 3, 3, padding=1, padding_mode="reflect")',
    "nn.ChannelShuffle(2)",
    'nn.Upsample(scale_factor=2, mode="bilinear")',
    "nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1)",
    "A residual block whose shortcut skips places and adds channels of zeros (option A of ResNet)",
]


def own_answers(model, images, rounds):
    """Return what PyTorch computes, in double precision where the module can, and how exact that is."""
    with torch.no_grad():
        try:
            found = model.double()(images)
        except RuntimeError:
            found = model.float()(images.float())
    return found.numpy(), 1e-6 if rounds or found.dtype == torch.float32 else 1e-12


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", CONVERTED)
def test_what_is_converted_computes_the_same(text):
    shape, make = CONVERTED[text]
    torch.manual_seed(0)
    model = random_statistics(make())
    graph = import_model(model, shape)
    images = np.random.default_rng(5).normal(size=(3, *shape))
    expected, tolerance = own_answers(model.eval(), torch.tensor(images), "float" in text)
    tolerance *= max(1, np.abs(expected).max())
    found = scores(graph, images)
    if expected.dtype.kind == "i":
        np.testing.assert_array_equal(found.argmax(axis=1), expected)
        return
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=0, atol=tolerance)
    if not graph.names(*endings.ENDINGS):
        simple = scores(simplify(graph), images).reshape(expected.shape)
        np.testing.assert_allclose(simple, expected, rtol=0, atol=10 * tolerance)


class Between(nn.Module):
    """A module between layers with ReLU, with three outputs."""

    def __init__(self, inner, shape):
        super().__init__()
        kind = {1: nn.Linear, 2: nn.Conv1d, 3: nn.Conv2d, 4: nn.Conv3d}[len(shape)]
        self.before = kind(shape[0], shape[0], *(() if len(shape) == 1 else (3, 1, 1)))
        self.inner = inner.float().eval()
        with torch.no_grad():
            size = self.inner(torch.zeros(2, *shape)).flatten(1).shape[1]
        self.after, self.out = nn.Linear(size, 6), nn.Linear(6, 3)

    def forward(self, x):
        x = self.inner(torch.relu(self.before(x))).flatten(1)
        return self.out(torch.relu(self.after(x)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, marks=() if text.partition(" of (")[0] in WITH_RATES else pytest.mark.slow)
        for text, (heading, *_) in zip(CONVERTED, converted(), strict=True)
        if heading != "At the end"
    ],
)
def test_rates_approach_what_is_computed(text):
    shape, make = CONVERTED[text]
    torch.manual_seed(0)
    with warnings.catch_warnings(action="ignore"):
        graph = import_model(Between(random_statistics(make()), shape), shape)
    images = np.random.default_rng(5).normal(size=(20, *shape))
    result = simulate(convert(graph, images, normalisation="maximum"), images, steps=256)
    expected = scores(graph, images)
    assert np.abs(result.scores / 256 - expected).max() < 0.015 * np.abs(expected).max()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_says_why(text):
    shape, words, make = REFUSED[text]
    torch.manual_seed(0)
    with pytest.raises(ConversionError) as error:
        import_model(make(), shape)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_page_of_the_documentation_lists_the_patterns():
    assert PAGE.read_text() == page(), "run python tests/conversion/importers/torch_page.py"
    assert len(CONVERTED) + len(REFUSED) >= 240
