"""What the files of a run must hold, so that a damaged or foreign one is named where it is read."""

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.learning.presentation.input_drive import drive_in
from stdpnet.learning.state import State

#: Types of what is read in ``evaluation.json``.
REPORT = {
    "accuracy": (int, float),
    "confidence_interval_95": list,
    "n_label_images": int,
    "n_test_images": int,
    "unassigned": int,
    "presented": int,
    "neurons": int,
    "dataset": str,
}


#: The name of the fingerprint in ``environment.json``.
FINGERPRINT = "data_fingerprint"
#: The name of what the evaluation is asked for there.
ASKED = "evaluation"
#: The name of the presentations of the whole training there.
PLANNED = "presentations"


def planned(environment):
    """Return the presentations that the last start of a training was to reach; None if it did not say so."""
    found = next((start[PLANNED] for start in reversed(starts(environment)) if PLANNED in start), None)
    return found if isinstance(found, int) else None


def data_fingerprint(environment, path):
    """Return the first fingerprint of a data set in ``environment.json``, empty if there is none.

    Raises
    ------
    RunFolderError
        When it is no text.
    """
    known = next((start for start in starts(environment) if FINGERPRINT in start), None)
    return files.checked(known, {FINGERPRINT: str}, path)[FINGERPRINT] if known else ""


def asked_images(environment, path):
    """Return the numbers of images that the last start asked for, by name, empty if there are none.

    Raises
    ------
    RunFolderError
        When they are no whole numbers.
    """
    asked = next((start[ASKED] for start in reversed(starts(environment)) if ASKED in start), None)
    if asked is None:
        return {}
    expected = {"label_images": int, "test_images": int}
    return {name: files.checked(asked, expected, path)[name] for name in expected}


def starts(environment):
    """Return the environments of the first start of a run and of those that resumed it."""
    resumed = environment.get("resumed")
    return [
        environment,
        *(start for start in (resumed if isinstance(resumed, list) else ()) if isinstance(start, dict)),
    ]


def predictions(arrays, path):
    """Return the arrays of ``predictions.npz``.

    Raises
    ------
    RunFolderError
        When one is not there or does not fit the others.
    """
    _check_dimensions(arrays, {"assignments": 1, "predictions": 1, "test_labels": 1, "presented": 0}, path)
    if len(arrays["predictions"]) != len(arrays["test_labels"]):
        raise RunFolderError(
            f"{path}: {len(arrays['predictions'])} predictions for {len(arrays['test_labels'])} labels; make it anew "
            "with stdpnet evaluate"
        )
    return arrays


#: Variables that had another name in stdpnet 0.1.
RENAMED = {f"{group}.wait": f"{group}.refractory_left" for group in ("excitatory", "inhibitory")}


def state(arrays):
    """Return the arrays of ``checkpoint.npz``, of earlier versions too, as a `State`."""
    return State({RENAMED.get(name, name): array for name, array in arrays.items()})


def network(arrays, path):
    """Return the state in a trained network's checkpoint; errors are those of `predictions`."""
    expected = {"input_synapses.w": 2, "excitatory.theta": 1, "image_shape": 1, "presented": 0}
    _check_dimensions(arrays, expected, path)
    shape = drive_in(arrays).inputs_of_a_pixel * int(arrays["image_shape"].prod()), len(arrays["excitatory.theta"])
    if arrays["input_synapses.w"].shape != shape:
        raise RunFolderError(
            f"{path}: weights of shape {arrays['input_synapses.w'].shape}, expected {shape} for its images and "
            "neurons; restore it from a copy"
        )
    return arrays


def _check_dimensions(arrays, expected, path):
    for name, dimensions in expected.items():
        if name not in arrays or arrays[name].ndim != dimensions:
            raise RunFolderError(
                f"{path}: holds no {name} of {dimensions} dimensions; restore it from a copy or make it anew"
            )
