"""A linear probe: how much about the classes a supervised classifier finds in the spike counts."""

import numpy as np


class LogisticRegressionProbe:
    """Multinomial logistic regression on the spike counts, with scikit-learn's default penalty. Supervised.

    It learns a weight for each neuron and class from the labels of the training images. Its
    accuracy says what the responses contain, not what the network has learned without labels.

    Parameters
    ----------
    training : TrainingResponses
    """

    name = "logistic regression"
    supervised = True

    def __init__(self, training):
        # here, since it takes a second and most commands never come to it
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        self.classes = np.unique(np.asarray(training.labels).astype(int))
        self.model = None
        if len(self.classes) > 1:
            with threadpool_limits(1):  # the rounding of its products depends on the number of threads
                self.model = LogisticRegression(max_iter=1000).fit(_sparse(training.counts), training.labels)

    def predict(self, responses):
        """Return the class of each image, shape (n_images,)."""
        if self.model is None:  # one class: nothing to learn
            return np.full(len(responses.counts), self.classes[0])
        return self.model.predict(_sparse(responses.counts)).astype(int)


def _sparse(counts):
    from scipy.sparse import csr_matrix

    return csr_matrix(counts, dtype=float)
