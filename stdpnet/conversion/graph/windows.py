"""The windows of a pooling layer, as slices that work on arrays and on tensors."""

from stdpnet.conversion.graph.layers import Pooling


def window_places(layer: Pooling, shape: tuple[int, ...]) -> list[tuple]:
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
