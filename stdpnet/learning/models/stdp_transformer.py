"""The network as a transformer of scikit-learn: images in, spike counts out, no labels."""

import logging
import math
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.random import RandomState
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from stdpnet.base.errors import DataError
from stdpnet.base.progress import progress_bar
from stdpnet.datasets.axes import as_rows
from stdpnet.datasets.images import Scale
from stdpnet.learning import training
from stdpnet.learning.automatic import decided
from stdpnet.learning.models.estimator_config import config_of
from stdpnet.learning.models.model import edge_level
from stdpnet.learning.presentation.responses import FrozenNetwork, spike_counts
from stdpnet.learning.presentation.watch import Watch
from stdpnet.learning.state import State, frozen_state
from stdpnet.rules import Rule
from stdpnet.simulation import resolve_backend

log = logging.getLogger(__name__)


class STDPTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Learns from images without labels, like `stdpnet.train` to the bit, then turns images into spike counts.

    Parameters
    ----------
    neurons : int
        Excitatory neurons, and as many inhibitory ones.
    rule : str, path-like or Rule
        As in `stdpnet.Config`.
    epochs : int
        Passes over the images in `fit`.
    delays : bool
        Conduction delays of the input synapses.
    drive : {"auto", "grey", "ink", "contrast"}
        What drives the inputs.
    parameters : dict, optional
        Further parameters of `stdpnet.Config`, such as ``{"excitatory": {"tau_m": 50.0}}``.
    backend : {"auto", "cpp", "cython", "numpy"}
    random_state : int, RandomState or None
        An int is the seed of weights, delays and input spikes; otherwise one is drawn at each `fit`.
    n_jobs : int, optional
        Processes that show images in `transform`.
    verbose : bool
        Whether to show how far it is.

    Attributes
    ----------
    weights_ : ndarray, shape (n_inputs, n_neurons)
        Input weights. The drive by contrast has two inputs for a pixel.
    theta_ : ndarray, shape (n_neurons,)
        Threshold adaptation, mV.
    delays_ : ndarray, shape (n_inputs, n_neurons), or None
        Of the input synapses, ms; None without delays.
    n_presentations_ : int
        Images shown so far, those of all passes.
    n_features_in_ : int
        Pixels of an image.
    image_shape_ : tuple of int
        Height and width of an image; where rows of pixels were given, a square if there can be one, else one line.
    scale_ : stdpnet.datasets.images.Scale
        Which values become grey levels 0 and 255.
    config_ : Config
        The configuration, complete.
    state_ : State
        Every array of the network after its last presentation.

    See Also
    --------
    stdpnet.LabelAssigner, stdpnet.STDPClassifier

    Notes
    -----
    Images of ``uint8`` are grey levels, 0 for no input. Others are scaled as in `stdpnet.Dataset`: from 0, or the least
    value where it is negative, to 1, 16, 255, 4095, 65535 or the greatest value, whichever the training images ask for.
    Later images are scaled alike.

    The noise of `transform` follows from seed and image alone: subsets and other orders give the same counts.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> images = load_digits().images[:30]
    >>> transformer = STDPTransformer(neurons=10, epochs=1).fit(images)
    >>> transformer.transform(images[:5]).shape, transformer.n_presentations_
    ((5, 10), 30)
    """

    state_: State
    image_shape_: tuple[int, int]
    _planned: float

    def __init__(
        self,
        neurons: int = 100,
        *,
        rule: str | PathLike[str] | Rule = "triplet",
        epochs: int = 3,
        delays: bool = True,
        drive: str = "auto",
        parameters: Mapping[str, Any] | None = None,
        backend: str = "auto",
        random_state: int | RandomState | None = 0,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.neurons, self.rule, self.epochs, self.delays, self.drive = neurons, rule, epochs, delays, drive
        self.parameters, self.backend, self.random_state = parameters, backend, random_state
        self.n_jobs, self.verbose = n_jobs, verbose

    def fit(self, X: ArrayLike, y: ArrayLike | None = None) -> "STDPTransformer":
        """Train a new network.

        Parameters
        ----------
        X : array_like, shape (n_images, height, width) or (n_images, n_pixels)
        y : array_like, shape (n_images,), optional
            Nothing is learned from it. Where it is sorted, images are shuffled, as in `stdpnet.train`.

        Returns
        -------
        STDPTransformer
            This one.
        """
        levels = self._begin(X, np.empty(0) if y is None else np.asarray(y))
        self._planned = total = self.config_.epochs * len(levels)
        return self._learn(training.train(self.config_, levels, resolve_backend(self.backend), None, log.info), total)

    def partial_fit(self, X: ArrayLike, y: ArrayLike | None = None) -> "STDPTransformer":
        """Go on learning: show each image once more, in the order in which they are given.

        Where the schedule takes shares of the whole training, that of `fit` is meant; without one they do not count.
        What contrast is compared with is the mean of all images so far; the drive that "auto" stands for, the scale and
        the ground of ink are those of the first images.

        Parameters
        ----------
        X : array_like, shape (n_images, height, width) or (n_images, n_pixels)
        y : array_like, optional
            Not looked at.

        Returns
        -------
        STDPTransformer
            This one.
        """
        if hasattr(self, "state_"):
            levels = self._levels(X)
            self.state_ = training.with_more(self.state_, levels)
        else:
            levels, self._planned = self._begin(X, np.empty(0)), math.inf
            self.state_ = training.beginning(self.config_, levels)
        which, backend, state = np.arange(len(levels)), resolve_backend(self.backend), self.state_
        batches = training.show(self.config_, levels, which, backend, state, self._planned, log.info)
        return self._learn(batches, len(levels))

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Return the spikes of each neuron during each image, shape (n_images, n_neurons); nothing is learned."""
        check_is_fitted(self)
        return self._counts(self._levels(X))

    @property
    def weights_(self) -> np.ndarray:
        """Input weights, shape (n_inputs, n_neurons)."""
        return self.state_.weights

    @property
    def theta_(self) -> np.ndarray:
        """Threshold adaptation in mV, shape (n_neurons,)."""
        return self.state_.theta

    @property
    def delays_(self) -> np.ndarray | None:
        """Delays of the input synapses in ms, shape (n_inputs, n_neurons), or None without delays."""
        steps = self.state_.delay_steps
        return None if steps is None else steps * self.config_.presentation.dt

    @property
    def n_presentations_(self) -> int:
        """Presentations so far."""
        return self.state_.presented

    @property
    def _n_features_out(self) -> int:
        return self.config_.neurons

    def _counts(self, levels: np.ndarray) -> np.ndarray:
        frozen = frozen_state(self.config_, self.state_)
        network = FrozenNetwork(self.config_, frozen, resolve_backend(self.backend))
        return spike_counts(network, levels, self.n_jobs, bool(self.verbose))

    def _begin(self, X: ArrayLike, order: np.ndarray) -> np.ndarray:
        """Decide scale and configuration, and return the grey levels of training images."""
        config = config_of(self)
        rows = validate_data(self, self._rows(X, anew=True))
        self.scale_ = Scale.of(rows, "X")
        levels = self._shaped(self.scale_.levels(rows, "X"))
        self._background = edge_level(levels)
        texts = order.astype(str) if order.dtype.kind == "O" else order
        self.config_ = decided(config, levels, texts if order.ndim == 1 else np.empty(0))
        return levels

    def _levels(self, X: ArrayLike) -> np.ndarray:
        return self._shaped(self.scale_.levels(validate_data(self, self._rows(X, anew=False), reset=False), "X"))

    def _shaped(self, levels: np.ndarray) -> np.ndarray:
        return levels.reshape(-1, *self.image_shape_)

    def _rows(self, X: Any, anew: bool) -> Any:
        rows, shape = as_rows(X)
        if anew:
            self.image_shape_ = shape
        elif shape != self.image_shape_ and np.prod(shape) == self.n_features_in_:
            raise DataError(f"X holds images of {shape}; expected {self.image_shape_}, as in fit")
        return rows

    def _learn(self, batches: Iterator[training.TrainingBatch], shown: int) -> "STDPTransformer":
        watch = Watch(self.config_)
        with progress_bar(shown, 0, "training", bool(self.verbose)) as bar:
            for done in batches:
                self.state_ = done.state
                bar.update(len(done.which))
                for sentence in watch.add(done.batch, done.state):
                    log.warning("after %s presentations: %s", f"{done.state.presented:,}", sentence)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = []
        return tags
