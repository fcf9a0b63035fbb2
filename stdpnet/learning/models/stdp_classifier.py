"""The network as a classifier of scikit-learn: learns without labels, and names its neurons with them afterwards."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from stdpnet.learning.models.model import Model
from stdpnet.learning.models.stdp_transformer import STDPTransformer
from stdpnet.readouts.label_assigner import LabelAssigner


class STDPClassifier(ClassifierMixin, STDPTransformer):
    """Learns from images without labels, names its neurons with labels, and classifies by the neurons that respond.

    It is an `STDPTransformer`, whose parameters and attributes it has, and a `LabelAssigner` of its counts.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        Ascending; numbers or texts, as they were given.
    assignments_ : ndarray of int, shape (n_neurons,)
        The class after which each neuron is named, as a place in `classes_`; -1 for one that never fired.
    assigner_ : LabelAssigner
        What names the neurons.

    See Also
    --------
    stdpnet.STDPTransformer : The parameters.
    stdpnet.save_model : Keeps it in a file.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> images, labels = load_digits().images, load_digits().target
    >>> classifier = STDPClassifier(neurons=10, epochs=1).fit(images[:30], labels[:30])
    >>> classifier.predict(images[30:33]).shape
    (3,)
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> "STDPClassifier":  # type: ignore[override]
        """Train a new network, then name its neurons from its responses to the same images.

        Parameters
        ----------
        X : array_like, shape (n_images, height, width) or (n_images, n_pixels)
        y : array_like, shape (n_images,)
            Classes. Nothing is learned from them; where they are sorted, images are shuffled.

        Returns
        -------
        STDPClassifier
            This one.
        """
        labels = self._labels(X, y, anew=True)
        super().fit(X, labels)
        self.assigner_ = LabelAssigner().fit(self._counts(self._levels(X)), labels)
        return self

    def partial_fit(  # type: ignore[override]
        self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None
    ) -> "STDPClassifier":
        """Go on learning: show each image once more, then count the responses to these images as well.

        Responses to earlier images, of the network as it was then, keep their say in the names of the neurons.

        Parameters
        ----------
        X : array_like, shape (n_images, height, width) or (n_images, n_pixels)
        y : array_like, shape (n_images,)
        classes : array_like, shape (n_classes,), optional
            All classes that there will be; needed at the first call, where `y` has not all of them.

        Returns
        -------
        STDPClassifier
            This one.
        """
        anew = not hasattr(self, "assigner_")
        labels = self._labels(X, y, anew)
        assigner = LabelAssigner() if anew else self.assigner_
        super().partial_fit(X)
        self.assigner_ = assigner.partial_fit(self._counts(self._levels(X)), labels, classes)
        return self

    def decision_function(self, X: ArrayLike) -> np.ndarray:
        """Return the votes: the mean spikes of each class's neurons.

        Parameters
        ----------
        X : array_like, shape (n_images, height, width) or (n_images, n_pixels)

        Returns
        -------
        ndarray, shape (n_images, n_classes)
            With two classes, of shape (n_images,): the votes for the second one less those for the first. 0 throughout
            where no named neuron responds; such an image gets the class of which there were most images.
        """
        check_is_fitted(self)
        return self.assigner_.decision_function(self._counts(self._levels(X)))

    def predict(self, X: ArrayLike) -> np.ndarray:
        """Return the class of each image, shape (n_images,)."""
        check_is_fitted(self)
        return self.assigner_.predict(self._counts(self._levels(X)))

    @property
    def classes_(self) -> np.ndarray:
        """The classes, ascending."""
        return self.assigner_.classes_

    @property
    def assignments_(self) -> np.ndarray:
        """The class after which each neuron is named, as a place in `classes_`; -1 for one that never fired."""
        return self.assigner_.assignments_

    @property
    def model_(self) -> Model:
        """The network with its names, which `stdpnet.save_model` keeps in a file."""
        classes, assigner = self.classes_, self.assigner_
        return Model(
            *(self.config_, self.state_, self.image_shape_, self.scale_, self._background),
            *(classes.astype(str) if classes.dtype.kind == "O" else classes, assigner.assignments_),
            int(assigner.class_count_.argmax()),
        )

    def _labels(self, X: Any, y: ArrayLike, anew: bool) -> np.ndarray:
        _, labels = validate_data(self, self._rows(X, anew), y, reset=anew)
        check_classification_targets(labels)
        return labels
