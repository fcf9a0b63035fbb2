"""A model in one file: weights, thresholds, delays, names of neurons, configuration, rule and equations, checksum.

The file is a NumPy archive (``.npz``) without pickles. ``model`` in it is JSON: the format, the configuration with the
rule in full, the equations of the neurons, shape and scale of images. The arrays are called as in a checkpoint.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from os import PathLike
from typing import Any

import numpy as np

import stdpnet
from stdpnet.base import files
from stdpnet.base.errors import ModelFileError, StdpnetError
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.datasets.images import Scale
from stdpnet.learning.config import Config, from_stored
from stdpnet.learning.models.model import Model
from stdpnet.learning.presentation.contrast import Ink
from stdpnet.learning.presentation.input_drive import drive_for
from stdpnet.learning.state import KEPT, State
from stdpnet.learning.state_checks import fault
from stdpnet.learning.values import network_spec
from stdpnet.network.spec import TEXTS

#: Of the files that this version writes; it reads this one and all before.
FORMAT = 1

#: What stands in the file beside the state.
TEXT, CHECKSUM, CLASSES, ASSIGNMENTS = "model", "checksum", "classes", "assignments"


def save_model(model: Any, path: str | PathLike[str]) -> None:
    """Write a trained network into one file, which `load_model` reads on any machine, without the data set.

    Parameters
    ----------
    model : STDPClassifier or Model
        Fitted.
    path : path-like
        Usually with the ending ``.npz``. A file of this name is replaced.

    Raises
    ------
    ModelFileError
        When it cannot be written, or is no such model.

    Examples
    --------
    >>> import tempfile, stdpnet
    >>> from sklearn.datasets import load_digits
    >>> images, labels = load_digits().images[:30], load_digits().target[:30]
    >>> classifier = stdpnet.STDPClassifier(neurons=10, epochs=1).fit(images, labels)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     stdpnet.save_model(classifier, f"{folder}/digits.npz")
    ...     model = stdpnet.load_model(f"{folder}/digits.npz")
    >>> bool((model.predict(images[0]) == classifier.predict(images[:1])).all())
    True
    """
    model = getattr(model, "model_", model)
    if not isinstance(model, Model):
        raise ModelFileError(f"found a {type(model).__name__}, expected a fitted STDPClassifier or a Model")
    arrays = {name: array for name, array in model.state.items() if _kept(name)}
    arrays |= {CLASSES: model.classes, ASSIGNMENTS: model.assignments, TEXT: np.array(json.dumps(_text(model)))}
    try:
        files.write_arrays(path, arrays | {CHECKSUM: np.array(files.array_digest(arrays))})
    except (OSError, StdpnetError) as error:
        raise ModelFileError(f"{path}: cannot be written ({error})") from None


def load_model(path: str | PathLike[str]) -> Model:
    """Read a model that `save_model` or ``stdpnet export`` has written.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Model

    Raises
    ------
    ModelFileError
        When it is missing or no model, damaged, of a newer format or other equations, or holds what no training brings
        about.
    """
    try:
        arrays = files.npz_arrays(path)
    except FileNotFoundError:
        raise ModelFileError(f"{path}: no such file; expected one made by stdpnet export or save_model") from None
    except ValueError as error:
        raise ModelFileError(f"{path}: damaged, or no model file ({error}); get it again") from None
    if TEXT not in arrays or CHECKSUM not in arrays:
        raise ModelFileError(f"{path}: holds no model; expected a file made by stdpnet export or save_model")
    expected, found = str(arrays.pop(CHECKSUM)), files.array_digest(arrays)
    if found != expected:
        raise ModelFileError(
            f"{path}: its checksum is {found[:12]}, expected {expected[:12]}: it was changed or damaged; get it again"
        )
    try:
        return _model(json.loads(str(arrays.pop(TEXT))), arrays)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"has no {error}" if isinstance(error, KeyError) else str(error)
        raise ModelFileError(f"{path}: {what}; get it again, or make it anew with stdpnet export") from None


def _kept(name: str) -> bool:
    return name in KEPT or name.startswith("drive.")


def _text(model: Model) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_by": f"stdpnet {stdpnet.__version__}",
        "config": model.config.to_dict() | {"custom_rule": model.config.plasticity.to_dict()},
        "equations": _equations(model.config),
        "image_shape": list(model.image_shape),
        "scale": asdict(model.scale),
        "background": model.background,
        "most_frequent": model.most_frequent,
    }


def _equations(config: Config) -> dict[str, Any]:
    spec = network_spec(config, 1, plastic=False).to_dict()
    return {name: spec[name] for name in TEXTS}


def _model(text: Mapping[str, Any], arrays: dict[str, np.ndarray]) -> Model:
    if text["format"] > FORMAT:
        raise ModelFileError(
            f"is of format {text['format']}, made by {text['made_by']}; this version of stdpnet reads formats up to "
            f"{FORMAT}: install a newer one"
        )
    config, (height, width) = from_stored(text["config"]), text["image_shape"]
    if text["equations"] != _equations(config):
        raise ModelFileError(
            f"has other equations of the neurons than this version of stdpnet; it was made by {text['made_by']}: "
            "install that one"
        )
    classes, assignments = arrays.pop(CLASSES), arrays.pop(ASSIGNMENTS)
    state, model_scale = State(arrays), Scale(**text["scale"])
    _check_shapes(config, state, (height, width))
    if wrong := fault(state, config):
        raise ValueError(wrong)
    if assignments.shape != (config.neurons,) or assignments.dtype.kind != "i" or classes.ndim != 1:
        raise ValueError(f"has {assignments.shape} names of neurons, expected a place for each of {config.neurons}")
    places = [*assignments.tolist(), text["most_frequent"]]
    if not NO_ANSWER <= min(places) <= max(places) < len(classes):
        raise ValueError(f"names neurons after classes {min(places)} to {max(places)}, and has {len(classes)}")
    shape = int(height), int(width)
    return Model(config, state, shape, model_scale, text["background"], classes, assignments, text["most_frequent"])


def _check_shapes(config: Config, state: State, image_shape: tuple[int, int]) -> None:
    n, pixels = config.neurons, image_shape[0] * image_shape[1]
    if not 0 < pixels <= len(state.weights):
        raise ValueError(f"has {len(state.weights)} inputs, and images of {image_shape}")
    drive = drive_for(config.drive, np.zeros((1, pixels), np.uint8))
    if Ink.kept_as in state:  # files from before thin strokes were spread
        state = State({Ink.spread_kept_as: np.array(0.0)} | state)
    inputs = drive.n_inputs
    expected: dict[str, tuple[int, ...]] = {"input_synapses.w": (inputs, n), "excitatory.theta": (n,), "presented": ()}
    expected |= {"input_synapses.delay_steps": (inputs, n)} if config.delays else {}
    expected |= {name: array.shape for name, array in drive.arrays().items()}
    found = {name: array.shape for name, array in state.items()}
    for name in expected | found:
        if found.get(name) != expected.get(name):
            raise ValueError(
                f"{name} has shape {found.get(name)}, expected {expected.get(name)} for {pixels} pixels and {n} neurons"
            )
