"""What a spiking network is shown: images of a data set, or recordings of them under saccades."""

from functools import cached_property
from typing import Any

import numpy as np

from stdpnet.base.errors import ConfigError
from stdpnet.base.progress import progress_bar
from stdpnet.datasets import Dataset
from stdpnet.datasets.events.aer import SENSOR
from stdpnet.datasets.events.saccades import Saccades, recordings

#: Ways to turn images into events.
INPUTS = ("poisson", "saccades")

#: Saccades of a presentation.
SACCADES = 3


class RecordedDataset:
    """A data set whose images are seen by a silicon retina, each part recorded when it is asked for first.

    Parameters
    ----------
    dataset : Dataset
    time : int
        Of a recording, in ms, a third for each saccade.
    seed : int
    show_progress : bool

    Raises
    ------
    ConfigError
        When the time is too short.
    DataError
        When the images are larger than the sensor.

    Examples
    --------
    >>> from stdpnet.datasets import load_dataset
    >>> recorded = RecordedDataset(load_dataset("mnist-5k"), time=30, seed=0)
    >>> recorded.n_inputs, recorded.train_labels.shape
    (2312, (4000,))
    """

    def __init__(self, dataset: Dataset, time: int, seed: int, show_progress: bool = True):
        self.dataset, self.time, self.seed, self.show_progress = dataset, time, seed, show_progress
        if time < SACCADES:
            raise ConfigError(f"presentation.time is {time} ms; expected at least {SACCADES}, one for each saccade")
        self.saccades = Saccades(time=time // SACCADES)
        self.n_inputs = 2 * int(np.prod(SENSOR))
        next(recordings(dataset.train_images[:1], self.saccades))  # whether they fit
        for name in ("name", "n_classes", "train_labels", "test_labels", "check_there", "check_classes"):
            setattr(self, name, getattr(dataset, name))

    @cached_property
    def train_images(self) -> Any:
        """Recordings of the training images, `stdpnet.backprop.events.Stored`."""
        return self._recorded(self.dataset.train_images, 0)

    @cached_property
    def test_images(self) -> Any:
        """Recordings of the test images, with noise of their own."""
        return self._recorded(self.dataset.test_images, len(self.dataset.train_images))

    def _recorded(self, images, first):
        from stdpnet.backprop.events import stored  # needs PyTorch

        with progress_bar(len(images), 0, "saccades", self.show_progress) as bar:

            def counted():
                for one in recordings(images, self.saccades, self.seed, first):
                    yield one
                    bar.update()

            return stored(counted(), self.time)
