"""Which drive training images ask for: grey if they are like MNIST's, ink if they have a ground, else contrast."""

import numpy as np

from stdpnet.learning.presentation.ground import grey_level_counts
from stdpnet.learning.presentation.spread import spread_of

#: Images that are driven by their grey levels. MNIST's training images: 33.3, 0.81 and 784.
LIKE_MNIST = {"grey": (28.0, 40.0), "black": (0.7, 0.9), "pixels": (600, 1000)}

#: Share of the pixels that make a ground, and how far they may be from the commonest grey level.
GROUND_SHARE, NEAR_GROUND = 0.6, 16


def like_mnist(images: np.ndarray) -> str:
    """Say how training images differ from MNIST's so much that grey levels do not fit; empty if they do not.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)

    Returns
    -------
    str
        Such as ``"mean grey level 72.9, not 28 to 40"``.

    Examples
    --------
    >>> like_mnist(np.full((10, 28, 28), 200, np.uint8))
    'mean grey level 200, not 28 to 40'
    """
    pixels = images[0].size
    measured = {
        "pixels": ("number of pixels", pixels),
        "grey": ("mean grey level", round(float(images.mean()), 1)),
        "black": ("share of black pixels", round(float(np.mean(images == 0)), 2)),
    }
    for name, (about, value) in measured.items():
        low, high = LIKE_MNIST[name]
        if not low <= value <= high:
            return f"{about} {value:g}, not {low:g} to {high:g}"
    return ""


def choose_drive(images: np.ndarray) -> tuple[str, str]:
    """Return the drive that training images ask for, and the reason.

    Parameters
    ----------
    images : ndarray of uint8, shape (n_images, ...)

    Examples
    --------
    >>> choose_drive(np.full((10, 28, 28), 200, np.uint8))
    ('ink', 'mean grey level 200, not 28 to 40 as in MNIST, and 100 % of the pixels are near one grey level, 200')
    """
    differs = like_mnist(images)
    if not differs:
        return "grey", "the training images are like MNIST's"
    counts = grey_level_counts(images)
    ground = int(counts.argmax())
    share = counts[max(0, ground - NEAR_GROUND) : ground + NEAR_GROUND + 1].sum() / counts.sum()
    near = f"{100 * share:.0f} % of the pixels are near one grey level, {ground}"
    reason = f"{differs} as in MNIST, and {near}"
    if share < GROUND_SHARE:
        return "contrast", reason
    spread = spread_of(images, ground) if images.ndim == 3 else 0
    return "ink", f"{reason}; strokes are thin, and spread by {spread:g} pixels" if spread else reason
