"""What the files of a run must hold, so that a damaged or foreign one is named where it is read."""

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.learning.state import State

#: Types of what is read in ``evaluation.json``.
REPORT = {
    "accuracy": (int, float),
    "confidence_interval_95": list,
    "n_label_images": int,
    "n_test_images": int,
    "presented": int,
    "neurons": int,
    "dataset": str,
}


#: The name of the fingerprint in ``environment.json``.
FINGERPRINT = "data_fingerprint"


def data_fingerprint(environment, path):
    """Return the first fingerprint of a data set in ``environment.json``, empty if there is none.

    Raises
    ------
    RunFolderError
        When it is no text.
    """
    resumed = environment.get("resumed", [])
    starts = [environment, *(resumed if isinstance(resumed, list) else [])]
    for start in starts:
        if isinstance(start, dict) and FINGERPRINT in start:
            return files.checked(start, {FINGERPRINT: str}, path)[FINGERPRINT]
    return ""


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
    shape = int(arrays["image_shape"].prod()), len(arrays["excitatory.theta"])
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
