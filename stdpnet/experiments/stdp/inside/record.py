"""Record what happens inside a trained network, frozen or learning."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stdpnet.base.errors import ConfigError, DataError
from stdpnet.experiments.stdp.run import presentations
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork, read_run
from stdpnet.learning import schedule
from stdpnet.learning.presentation.batch import Shown
from stdpnet.learning.presentation.input_drive import drive_in
from stdpnet.learning.presentation.recorder import Chosen
from stdpnet.learning.presentation.recorder import record as record_shown
from stdpnet.learning.presentation.recording import Recording
from stdpnet.learning.state import frozen_state
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation import resolve_backend

log = logging.getLogger(__name__)


def record(
    trained: TrainedNetwork | str | Path | RunFolder,
    images: np.ndarray,
    neurons: Sequence[int] = (),
    *,
    inputs: Sequence[int] | None = None,
    plastic: bool = False,
    number: int | None = None,
    backend: str = "",
) -> Recording:
    """Show images to a trained network and record what happens inside. The network itself stays as it is.

    Parameters
    ----------
    trained : TrainedNetwork or path-like
        From `stdpnet.train`, or a run folder.
    images : ndarray of uint8, shape (height, width) or (n_images, height, width)
        One image or several, shown one after the other.
    neurons : sequence of int
        Excitatory neurons whose potentials, conductances, thresholds, traces and weights are recorded, with potentials
        and conductances of their inhibitory partners. Without any, spikes alone are recorded; those of all always are.
    inputs : sequence of int, optional
        Of a network that learns: inputs whose traces, and whose weights to these neurons, are recorded; default: all.
        With the drive by contrast the OFF inputs follow the ON inputs.
    plastic : bool
        Whether the network learns from the images, beginning where its training ended. A frozen one, as in an
        evaluation, starts each image from the resting state.
    number : int, optional
        Number of the first presentation, which decides the noise of the input spikes; default: that of the next one in
        the training, or 0 for a frozen network. A frozen presentation of test image ``k`` with ``number=k`` is that of
        the evaluation.
    backend : {"", "auto", "cpp", "cython", "numpy"}
        Default: the one of the training. NumPy compiles nothing.

    Returns
    -------
    Recording

    Raises
    ------
    ConfigError
        When there is no such neuron, input or backend, or there are too many images.
    DataError
        When the images are not of the size and kind that the network was trained on.
    RunFolderError
        When the folder is no run folder, or is damaged.

    Examples
    --------
    >>> import stdpnet
    >>> trained = stdpnet.train(stdpnet.Config(neurons=20, images=30, epochs=1), show_progress=False)
    >>> image = trained.dataset.test_images[7]
    >>> recording = stdpnet.record(trained, image, neurons=[3, 5], number=7, backend="numpy").showing()
    >>> recording.values["excitatory.v"].shape, recording.units["excitatory.v"]
    ((721, 2), 'mV')
    >>> times, neurons = recording.spikes["excitatory"]
    """
    if not isinstance(trained, TrainedNetwork):
        trained = read_run(trained)
    config, drive = trained.config, drive_in(trained.state)
    shown = _checked_images(images, trained.image_shape)
    chosen = Chosen(
        _checked("neurons", neurons, config.neurons),
        _checked("inputs", range(drive.n_inputs) if inputs is None else inputs, drive.n_inputs),
    )
    if number is None:
        number = trained.presented if plastic else 0
    if not 0 <= number < 2**31:
        raise ConfigError(f"number is {number}; expected 0 or more, the number of a presentation")
    backend = resolve_backend(backend or config.backend)
    stream, state = ("training", trained.state) if plastic else ("testing", frozen_state(config, trained.state))
    if plastic:
        config = schedule.at(config, number, presentations(config, trained.dataset))
    batch = Shown(drive.encode(shown), number, stream)
    return record_shown(config, state, batch, chosen, backend, plastic, log.info)


def _checked_images(images: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    images = np.asarray(images)
    images = images[None] if images.ndim == 2 else images
    if images.ndim != 3 or images.shape[1:] != tuple(shape) or images.dtype != np.uint8 or len(images) == 0:
        raise DataError(
            f"images are of shape {images.shape} and type {images.dtype}; expected one of shape {tuple(shape)}, or "
            "several, of type uint8, as in the data set of the network"
        )
    if len(images) > CAPACITY:
        raise ConfigError(f"there are {len(images)} images; expected at most {CAPACITY} in one recording")
    return images


def _checked(name: str, numbers: Sequence[int], n: int) -> np.ndarray:
    found = np.asarray(numbers if len(numbers) else [], int) if _whole(numbers) else None
    if found is None or found.ndim != 1 or len(np.unique(found)) < len(found):
        raise ConfigError(f"{name} is {numbers!r}; expected different whole numbers, such as [0, 3]")
    wrong = found[(found < 0) | (found >= n)]
    if len(wrong):
        raise ConfigError(f"{name} holds {wrong[0]}; expected 0 to {n - 1}")
    return found.astype(np.int32)


def _whole(numbers: Sequence[int]) -> bool:
    return len(numbers) == 0 or np.asarray(numbers).dtype.kind in "iu"
