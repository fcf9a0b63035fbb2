"""A model in a Python file of the user's own, ``my_net.py:net``, and weights for it."""

import importlib.util
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from stdpnet.base.errors import ConversionError, did_you_mean

#: Under which name weights lie in files that hold more than a state_dict.
KEYS = ("state_dict", "model_state_dict", "model", "state")
#: Of `torch.nn.DataParallel`, before the names of all weights.
PARALLEL = "module."
EXPECTED = "expected FILE.py:NAME, a model, or a function without arguments that returns one"


def split_name(text: str) -> tuple[Path, str] | None:
    """Return file and name in a text such as ``my_net.py:net``, the name empty if there is none; None for other texts.

    Examples
    --------
    >>> split_name("nets/my_net.py:net"), split_name("results/lenet")
    ((PosixPath('nets/my_net.py'), 'net'), None)
    """
    path, colon, name = text.rpartition(":")
    if colon and path.endswith(".py"):
        return Path(path), name
    return (Path(text), "") if text.endswith(".py") else None


def load_model(path: Path, name: str, weights: str = "") -> Any:
    """Run a Python file, and return the model in it.

    Parameters
    ----------
    path : Path
    name : str
        Of a model, or of a function without arguments that returns one.
    weights : str
        File of a ``state_dict`` that ``torch.save`` wrote; empty for none. No pickled object is loaded.

    Returns
    -------
    torch.nn.Module, or another model that `import_model` takes

    Raises
    ------
    ConversionError
        When the file or the name is missing, the file's code fails, or the weights do not fit.
    """
    if not path.is_file():
        raise ConversionError(f"{path}: no such file; {EXPECTED}")
    module = _run(path)
    if name not in vars(module) or not name:
        known = [known for known, value in vars(module).items() if _may_be_model(value, module)]
        raise ConversionError(
            f"{path}: has no {name!r}{did_you_mean(name, known)}; {EXPECTED} (found {', '.join(known) or 'none'})"
        )
    found = vars(module)[name]
    if isinstance(found, type) or not _is_model(found):
        if not callable(found):
            raise ConversionError(f"{path}: {name} is a {type(found).__name__}; {EXPECTED}")
        with _own_errors(path, f"{name}()"):
            found = found()
    if weights:
        _load_weights(found, weights)
    return found


def _is_model(value):
    families = {base.__module__.partition(".")[0] for base in type(value).__mro__}
    return bool(families & {"torch", "sklearn"})


def _may_be_model(value, module):
    return _is_model(value) or (callable(value) and getattr(value, "__module__", "") == module.__name__)


def _run(path: Path) -> ModuleType:
    """Return a file as a module; files beside it can be imported by it."""
    spec = importlib.util.spec_from_file_location(f"stdpnet_model_{path.stem}", path)
    assert spec is not None and spec.loader is not None  # the name ends with .py
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for it there
    sys.path.insert(0, str(path.resolve().parent))
    try:
        with _own_errors(path, "it"):
            spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.resolve().parent))
    return module


@contextmanager
def _own_errors(path, what):
    """Turn errors of the user's code into one that says where."""
    try:
        yield
    except (Exception, SystemExit) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = f", line {frames[-1].lineno}" if frames else ""
        if isinstance(error, SyntaxError) and error.filename == str(path):
            line = f", line {error.lineno}"
        said = str(error).splitlines() or [""]
        raise ConversionError(f"{path}{line}: {what} cannot be run: {type(error).__name__}: {said[0]}") from None


def _load_weights(model, path):
    from stdpnet.base.labelled.tensors import read_tensors

    if not hasattr(model, "load_state_dict"):
        raise ConversionError(f"weights are given for a {type(model).__name__}; expected a torch.nn.Module")
    state = read_tensors(path, "torch.save(model.state_dict(), FILE)", ConversionError)
    if isinstance(state, dict):
        state = next((state[key] for key in KEYS if isinstance(state.get(key), dict)), state)
    if not isinstance(state, dict) or not state or not all(isinstance(key, str) for key in state):
        raise ConversionError(
            f"{path}: holds no weights by name; expected what torch.save(model.state_dict(), FILE) wrote"
        )
    if all(key.startswith(PARALLEL) for key in state):
        state = {key.removeprefix(PARALLEL): value for key, value in state.items()}
    try:
        model.load_state_dict(state)
    except Exception as error:  # PyTorch raises a RuntimeError of many lines, other objects their own kinds
        lines = " ".join(str(error).split())
        raise ConversionError(f"{path}: does not fit {type(model).__name__}: {lines[:300]}") from None
