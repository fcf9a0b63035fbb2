"""The class with the most votes, and what there is to say when nobody votes."""

import numpy as np

from stdpnet.base.scoring import NO_ANSWER


def elect(classes, votes):
    """Return the class with the most votes for each image.

    Parameters
    ----------
    classes : ndarray of int, shape (n_classes,)
    votes : ndarray, shape (n_images, n_classes)
        None is negative. Of equal ones the first wins.

    Returns
    -------
    ndarray of int, shape (n_images,)
        `NO_ANSWER` where all votes are zero.
    """
    if len(classes) == 0:
        return np.full(len(votes), NO_ANSWER)
    return np.where(votes.any(axis=1), classes[votes.argmax(axis=1)], NO_ANSWER).astype(int)
