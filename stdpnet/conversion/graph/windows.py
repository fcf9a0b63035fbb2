"""Windows that slide over images: how many fit, and what they visit, as slices of arrays and of tensors."""

from typing import TYPE_CHECKING

from stdpnet.base.errors import ConversionError

if TYPE_CHECKING:
    from stdpnet.conversion.graph.layers import Pooling

#: Of an array without the batch.
Shape = tuple[int, ...]
#: Along height and width.
Pair = tuple[int, int]


def window_counts(shape: Shape, size: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1)) -> Pair:
    """Return how many windows fit along height and width.

    Parameters
    ----------
    shape : tuple of int
        Of the input, ``(channels, height, width)``.
    size, stride, padding, dilation : tuple of int
        Along height and width.

    Returns
    -------
    tuple of int

    Raises
    ------
    ConversionError
        When none does.
    """
    spans = [d * (s - 1) + 1 for s, d in zip(size, dilation, strict=True)]
    height, width = (
        (n + 2 * p - span) // step + 1 for n, p, span, step in zip(shape[1:], padding, spans, stride, strict=True)
    )
    if min(height, width) < 1:
        raise ConversionError(f"a window of {spans} does not fit into {shape[1:]} with padding {padding}")
    return height, width


def window_places(layer: "Pooling", shape: Shape) -> list[tuple]:
    """Return for each place of the window, row by row, what it visits in the padded input.

    Parameters
    ----------
    layer : Pooling
    shape : tuple of int
        Of the input without padding, (channels, height, width).

    Returns
    -------
    list of tuple
        Indices of the last two axes; each gives an array with the height and width of the output.
    """
    _, height, width = layer.output_shape(shape)
    return [
        (..., _steps(row, layer.stride[0], height), _steps(column, layer.stride[1], width))
        for row in range(layer.size[0])
        for column in range(layer.size[1])
    ]


def _steps(start, step, count):
    return slice(start, start + step * (count - 1) + 1, step)
