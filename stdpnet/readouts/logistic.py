"""A linear probe: how much about the classes a supervised classifier finds in the spike counts."""

from typing import Any

import numpy as np

from stdpnet.readouts.readout import Responses, TrainingResponses


class LogisticRegressionProbe:
    r"""Multinomial logistic regression on the spike counts, with scikit-learn's default penalty. Supervised.

    .. math::

        \hat{c}_i = \arg\max_c \, \Big( b_c + \sum_j w_{cj} \, n_{ij} \Big), \qquad
        w, b = \arg\min \, \tfrac{1}{2} \|w\|^2 - \sum_i \log P(c_i \mid n_i)

    with :math:`P` the softmax of these sums (`sklearn.linear_model.LogisticRegression`, C = 1). It learns a weight for
    each neuron and class from the labels of the training images. Its accuracy says what the responses contain, not what
    the network has learned without labels: the one to choose as an upper bound to the others, never as a result.

    Parameters
    ----------
    training : TrainingResponses

    Attributes
    ----------
    classes : ndarray of int, shape (n_classes,)
        Ascending.
    model : sklearn.linear_model.LogisticRegression or None
        None where there is one class only.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> training = SimpleNamespace(counts=np.array([[9, 0], [8, 1], [0, 7]]), labels=np.array([3, 3, 7]))
    >>> LogisticRegressionProbe(training).predict(SimpleNamespace(counts=np.array([[0, 5], [6, 1]])))
    array([7, 3])
    """

    name = "logistic regression"
    supervised = True
    reads_order = False

    def __init__(self, training: TrainingResponses) -> None:
        # here, since it takes a second and most commands never come to it
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        self.classes = np.unique(np.asarray(training.labels).astype(int))
        self.model = None
        if len(self.classes) > 1:
            with threadpool_limits(1):  # the rounding of its products depends on the number of threads
                self.model = LogisticRegression(max_iter=1000).fit(_sparse(training.counts), training.labels)

    def predict(self, responses: Responses) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        if self.model is None:  # one class: nothing to learn
            return np.full(len(responses.counts), self.classes[0])
        return self.model.predict(_sparse(responses.counts)).astype(int)


def _sparse(counts: np.ndarray) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix(counts, dtype=float)
