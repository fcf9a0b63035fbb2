"""The class with the most votes, and what there is to say when nobody votes."""

import numpy as np

from stdpnet.base.scoring import NO_ANSWER


def elect(classes: np.ndarray, votes: np.ndarray) -> np.ndarray:
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

    Examples
    --------
    >>> elect(np.array([3, 7]), np.array([[0.5, 2.0], [1.0, 1.0], [0.0, 0.0]]))
    array([ 7,  3, -1])
    """
    if len(classes) == 0:
        return np.full(len(votes), NO_ANSWER)
    return np.where(votes.any(axis=1), classes[votes.argmax(axis=1)], NO_ANSWER).astype(int)
