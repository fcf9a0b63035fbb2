r"""How far ink is spread, so that strokes thinner than MNIST's meet those of other images of their class.

Prototypes of thin strokes overlap little. With :math:`a` the ink of the training images and :math:`\rho` its
correlation with itself :math:`d` pixels further along rows and columns, ink falls off over a length of
:math:`l = d / \sqrt{-2 \ln \rho}` pixels, as if strokes were Gaussian. A Gaussian of standard deviation
:math:`\sigma` makes of it :math:`\sqrt{l^2 + 2 \sigma^2}`; :math:`\sigma` is what brings thin strokes to MNIST's share
of the image.
"""

import numpy as np

from stdpnet.learning.presentation.ground import CHUNK

#: Side of MNIST's images, and the length over which their ink falls off, in pixels.
MNIST_SIDE, MNIST_LENGTH = 28, 1.68

#: Less than this changes next to nothing, in pixels.
LEAST = 0.25


def spread_of(images: np.ndarray, ground: float) -> float:
    """Return the standard deviation by which ink is spread, in pixels; 0 where strokes are thick enough.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, height, width)
        Training images.
    ground : float
        Their ground, by `stdpnet.learning.presentation.ground.ground_of`.

    Examples
    --------
    >>> lines = np.zeros((1, 28, 28), np.uint8)
    >>> lines[:, 4:24, 13] = 255  # one pixel wide
    >>> spread_of(lines, 0)
    1.04
    >>> lines[:, 4:24, 10:17] = 255
    >>> spread_of(lines, 0)
    0.0
    """
    side = min(images.shape[1:])
    lag = max(1, round(side / MNIST_SIDE))
    products = sum(_products(images[start : start + CHUNK], ground, lag) for start in range(0, len(images), CHUNK))
    both, first, second = np.asarray(products, float).T
    if side <= lag or not (first * second).all():
        return 0.0
    correlation = np.clip(np.mean(both / np.sqrt(first * second)), 1e-9, 1 - 1e-9)
    missing = (MNIST_LENGTH * side / MNIST_SIDE) ** 2 + lag**2 / (2 * np.log(correlation))
    sigma = round(float(np.sqrt(max(missing, 0) / 2)), 2)
    return sigma if sigma >= LEAST else 0.0


def _products(images: np.ndarray, ground: float, lag: int) -> np.ndarray:
    """Return the sums of a b, a a and b b along rows and along columns, b the ink `lag` pixels after a."""
    ink = np.abs(images - np.float64(ground))
    pairs = (ink[:, :-lag], ink[:, lag:]), (ink[:, :, :-lag], ink[:, :, lag:])
    return np.array([[np.vdot(a, b), np.vdot(a, a), np.vdot(b, b)] for a, b in pairs])
