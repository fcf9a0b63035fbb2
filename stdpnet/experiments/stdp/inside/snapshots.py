"""Weights and thresholds in the course of a training, kept every so many presentations: ``snapshots/`` of a run."""

from collections.abc import Iterator
from pathlib import Path

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.experiments.stdp import file_checks, seal
from stdpnet.experiments.stdp.run import as_folder
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.learning.state import State

#: What a snapshot keeps, with what the drive of the inputs needs.
KEPT = ("input_synapses.w", "excitatory.theta", "presented", "image_shape")


def write_snapshot(folder: RunFolder, state: State, config: Config, data: str) -> None:
    """Write a snapshot of a training, with a checksum, as checkpoints have it.

    Parameters
    ----------
    folder : RunFolder
    state : State
        With the shape of the images.
    config : Config
    data : str
        Fingerprint of the data set.
    """
    path = folder.path / "snapshots" / f"{state.presented:09d}.npz"
    path.parent.mkdir(exist_ok=True)
    kept = {name: array for name, array in state.items() if name in KEPT or name.startswith("drive.")}
    files.write_arrays(path, seal.sealed(kept, config, data))


def read_snapshots(folder: RunFolder | str | Path) -> Iterator[State]:
    """Return the snapshots of a run one after the other, the earliest first.

    Parameters
    ----------
    folder : RunFolder or path-like

    Yields
    ------
    State
        With ``input_synapses.w``, ``excitatory.theta``, ``image_shape``, ``presented`` and the drive alone.

    Raises
    ------
    RunFolderError
        When the run has none, or one is damaged or of another run.
    """
    run = as_folder(folder)
    assert run is not None
    found = sorted((run.path / "snapshots").glob("[0-9]*.npz"))
    if not found:
        raise RunFolderError(
            f"{run.path}: has no snapshots; train with --snapshots N, or go on with --resume --snapshots N --epochs M"
        )
    config, data = run.config(), run.data_fingerprint()
    for path in found:
        arrays, identity = seal.unsealed(files.read_arrays(path), path)
        seal.check_identity(identity, config, data, path)
        seal.check_values(arrays, config, path)
        yield file_checks.network(State(arrays), path)
