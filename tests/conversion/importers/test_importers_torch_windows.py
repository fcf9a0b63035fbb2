"""Convolution and pooling of PyTorch, as modules and as functions, with random settings."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nets import Net, agrees
from torch import nn

quick = settings(max_examples=40, derandomize=True)
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
sizes = st.tuples(st.integers(3, 9), st.integers(3, 9))


@quick
@given(sizes, pairs, pairs, st.tuples(st.integers(0, 2), st.integers(0, 2)), pairs, st.integers(1, 3), st.booleans())
def test_grouped_dilated_strided_and_padded_convolutions(size, window, stride, padding, dilation, groups, bias):
    spans = [d * (w - 1) + 1 for w, d in zip(window, dilation, strict=True)]
    assume(all(n + 2 * p >= span for n, p, span in zip(size, padding, spans, strict=True)))
    torch.manual_seed(0)
    agrees(nn.Conv2d(2 * groups, groups, window, stride, padding, dilation, groups, bias), (2 * groups, *size))


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("window, dilation", [(3, 1), ((1, 5), 2), (2, 2), (4, (2, 4))])
def test_padding_in_words(padding, window, dilation):
    agrees(nn.Conv2d(3, 2, window, padding=padding, dilation=dilation), (3, 13, 13))


def half(window):
    return st.tuples(*(st.integers(0, w // 2) for w in window))


pools = pairs.flatmap(lambda window: st.tuples(st.just(window), pairs, half(window)))


@quick
@given(sizes, pools, st.booleans(), st.booleans(), st.booleans())
def test_pooling(size, pool, ceil_mode, count_include_pad, functional):
    window, stride, padding = pool
    for kind, function, settings_ in (
        (nn.MaxPool2d, F.max_pool2d, {}),
        (nn.AvgPool2d, F.avg_pool2d, {"count_include_pad": count_include_pad}),
    ):
        values = {"kernel_size": window, "stride": stride, "padding": padding, "ceil_mode": ceil_mode, **settings_}
        model = Net(lambda net, x, f=function, v=values: f(x, **v)) if functional else kind(**values)
        agrees(model, (2, *size))


@quick
@given(sizes, pairs, pairs, st.tuples(st.integers(0, 1), st.integers(0, 1)), pairs, st.integers(1, 2), st.booleans())
def test_transposed_convolutions(size, window, stride, padding, dilation, groups, more):
    extra = tuple(max(s, d) - 1 if more else 0 for s, d in zip(stride, dilation, strict=True))
    assume(
        all(
            (n - 1) * s - 2 * p + d * (w - 1) + e >= 0
            for n, s, p, d, w, e in zip(size, stride, padding, dilation, window, extra, strict=True)
        )
    )
    torch.manual_seed(0)
    model = nn.ConvTranspose2d(2 * groups, groups, window, stride, padding, extra, groups, True, dilation)
    agrees(model, (2 * groups, *size))


@pytest.mark.parametrize("adaptive", [nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d])
@pytest.mark.parametrize("places", [1, (2, 3), (None, 1), (4, 6), 2, (3, 5), (7, 4)])
def test_adaptive_pooling(adaptive, places):
    agrees(adaptive(places), (2, 4, 6))


POOLS = {
    "stride is the window": lambda net, x: F.avg_pool2d(x, 2),
    "of another function": lambda net, x: torch.max_pool2d(x, 3, 2, 1),
    "of the size of the image": lambda net, x: F.avg_pool2d(x, x.size()[2:]),
    "adaptive": lambda net, x: F.adaptive_avg_pool2d(x, (1, 1)),
    "mean": lambda net, x: x.mean([2, 3]),
    "mean from behind": lambda net, x: torch.mean(x, dim=(-1, -2), keepdim=True),
    "divided by the window": lambda net, x: F.avg_pool2d(x, 2, divisor_override=4),
}


@pytest.mark.parametrize("run", POOLS.values(), ids=POOLS)
def test_pooling_functions(run):
    agrees(Net(run))
