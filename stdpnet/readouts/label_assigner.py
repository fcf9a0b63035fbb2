"""The paper's readout as an estimator of scikit-learn: from spike counts to classes of any kind."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import check_is_fitted, check_non_negative, validate_data

from stdpnet.base.scoring import NO_ANSWER
from stdpnet.readouts.mean_response import class_votes
from stdpnet.readouts.vote import elect


class LabelAssigner(ClassifierMixin, BaseEstimator):
    r"""Names each neuron after a class, and an image after the neurons that respond: Diehl & Cook 2015, C:169 to 190.

    The readout is that of `stdpnet.readouts.mean_response.MeanResponse`, doi:10.3389/fncom.2015.00099. It learns no
    weights: what it says is what the network has found.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Ascending; numbers or texts, as they were given.
    assignments_ : ndarray of int, shape (n_neurons,)
        The class after which each neuron is named, as a place in `classes_`; -1 for one that never fired.
    response_sums_ : ndarray, shape (n_classes, n_neurons)
        Spikes in response to the images of each class.
    class_count_ : ndarray of int, shape (n_classes,)
        Images of each class so far.
    n_features_in_ : int
        Neurons.

    See Also
    --------
    stdpnet.STDPTransformer : What gives the counts.
    stdpnet.STDPClassifier : Both in one.

    Notes
    -----
    An image to which no named neuron responds gets the class of which there were most images. Its row of
    `decision_function` is 0 throughout.

    Examples
    --------
    >>> counts = np.array([[9, 0, 0], [5, 0, 0], [0, 8, 0]])
    >>> assigner = LabelAssigner().fit(counts, ["shoe", "shoe", "coat"])
    >>> assigner.assignments_, assigner.predict([[1, 2, 0]])
    (array([ 1,  0, -1]), array(['coat'], dtype='<U4'))
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> "LabelAssigner":
        """Name the neurons.

        Parameters
        ----------
        X : array_like, shape (n_images, n_neurons)
            Spikes of each neuron while an image is shown.
        y : array_like, shape (n_images,)
            Classes of the images.

        Returns
        -------
        LabelAssigner
            This one.
        """
        return self._add(X, y, None, anew=True)

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> "LabelAssigner":
        """Name the neurons from these responses and all before them.

        Parameters
        ----------
        X : array_like, shape (n_images, n_neurons)
        y : array_like, shape (n_images,)
        classes : array_like, shape (n_classes,), optional
            All classes that there will be; needed at the first call, where `y` has not all of them.

        Returns
        -------
        LabelAssigner
            This one.
        """
        return self._add(X, y, classes, anew=not hasattr(self, "classes_"))

    @property
    def mean_response_(self) -> np.ndarray:
        """Spikes per image of each class, shape (n_classes, n_neurons)."""
        return self.response_sums_ / np.maximum(self.class_count_, 1)[:, None]

    def decision_function(self, X: ArrayLike) -> np.ndarray:
        """Return the votes: the mean spikes of each class's neurons.

        Parameters
        ----------
        X : array_like, shape (n_images, n_neurons)

        Returns
        -------
        ndarray, shape (n_images, n_classes)
            With two classes, of shape (n_images,): the votes for the second one less those for the first.
        """
        votes = self._votes(X)
        return votes[:, 1] - votes[:, 0] if len(self.classes_) == 2 else votes

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        votes = self._votes(X)
        places = elect(np.arange(len(self.classes_)), votes)
        return self.classes_[np.where(places == NO_ANSWER, self.class_count_.argmax(), places)]

    def _votes(self, X: ArrayLike) -> np.ndarray:
        check_is_fitted(self)
        counts = validate_data(self, X, reset=False)
        check_non_negative(counts, "LabelAssigner, which takes spike counts")
        return class_votes(counts, self.assignments_, np.arange(len(self.classes_)))

    def _add(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None, anew: bool) -> "LabelAssigner":
        counts, labels = validate_data(self, X, y, reset=anew)
        check_classification_targets(labels)
        check_non_negative(counts, "LabelAssigner, which takes spike counts")
        if anew:
            self.classes_ = unique_labels(labels if classes is None else classes)
            self.class_count_ = np.zeros(len(self.classes_), int)
            self.response_sums_ = np.zeros((len(self.classes_), counts.shape[1]))
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes is {classes!r}; expected {self.classes_}, as at the first call of partial_fit")
        if len(unknown := np.setdiff1d(labels, self.classes_)):
            raise ValueError(
                f"y holds the label {unknown.tolist()[0]!r}; expected one of {self.classes_}: give all classes at the "
                "first call"
            )
        for place, c in enumerate(self.classes_):
            self.response_sums_[place] += counts[labels == c].sum(axis=0)
            self.class_count_[place] += np.sum(labels == c)
        self.assignments_ = elect(np.arange(len(self.classes_)), self.mean_response_.T)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        tags.classifier_tags.poor_score = True  # of two neurons, as in scikit-learn's checks, no more than two classes
        return tags
