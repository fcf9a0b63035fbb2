"""Address-event files in the format of N-MNIST, one recording in each, in folders of classes.

Orchard et al. 2015, doi:10.3389/fnins.2015.00437. An event has 40 bits, the first byte first: column (8 bits), row (8
bits), polarity (1 bit), time in us (23 bits). An event in row 240 is none of the sensor: it says that the clock of the
camera went round, after which 2^13 us are added to all times.
"""

from pathlib import Path

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.base.files import write_atomically
from stdpnet.datasets.events.recording import Recording

#: Bytes of an event.
EVENT = 5
#: Rows and columns of N-MNIST.
SENSOR = (34, 34)
#: Row of an event that says that the clock went round, and what is added then, in us.
OVERFLOW_ROW, OVERFLOW = 240, 2**13
#: Events that time, a number of 23 bits, can be before.
LATEST = 2**23


def read(path: str | Path, shape: tuple[int, int] = SENSOR) -> Recording:
    """Return the recording in a file.

    Parameters
    ----------
    path : path-like
    shape : tuple of int
        Rows and columns of the sensor.

    Returns
    -------
    Recording
        Without the events that say that the clock went round.

    Raises
    ------
    DataError
        When the file is missing, empty or cut off, or has events that no sensor of this shape sends.
    """
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) == 0 or len(data) % EVENT:
        raise DataError(
            f"{path}: found {len(data)} bytes, expected a multiple of {EVENT}, the bytes of an event, and at least one "
            "event: restore the file from a copy"
        )
    column, row, high, middle, low = data.reshape(-1, EVENT).T.astype(np.int64)
    round_again = row == OVERFLOW_ROW
    time = ((high & 127) << 16 | middle << 8 | low) + OVERFLOW * np.cumsum(round_again)
    kept = ~round_again
    return Recording(column[kept], row[kept], (high >> 7)[kept], time[kept], shape, str(path))


def write(path: str | Path, recording: Recording) -> None:
    """Write a recording in this format, atomically.

    Parameters
    ----------
    path : path-like
    recording : Recording

    Raises
    ------
    DataError
        When an event is too late for 23 bits, or the sensor is too large.
    """
    if max(recording.shape) > OVERFLOW_ROW or (len(recording) and recording.time[-1] >= LATEST):
        raise DataError(
            f"{path}: {recording!r}; expected at most {OVERFLOW_ROW} rows and columns and times below {LATEST} us"
        )
    high = recording.polarity << 7 | recording.time >> 16
    columns = [recording.x, recording.y, high, recording.time >> 8 & 255, recording.time & 255]
    content = np.stack(columns, axis=1).astype(np.uint8).tobytes()
    write_atomically(path, lambda file: file.write(content))


def read_folder(path: str | Path, shape: tuple[int, int] = SENSOR) -> tuple[list[Recording], np.ndarray]:
    """Return the recordings in folders of classes, such as N-MNIST's ``Train`` and ``Test``.

    Parameters
    ----------
    path : path-like
        Its folders are named 0, 1, ... after the classes, and hold files that end in ``.bin``.
    shape : tuple of int
        Rows and columns of the sensor.

    Returns
    -------
    recordings : list of Recording
        By class, then by name.
    labels : ndarray of uint8, shape (n_recordings,)

    Raises
    ------
    DataError
        When a folder is missing, empty or not named after a class, or a file is not whole.
    """
    folders = sorted(one for one in Path(path).glob("*") if one.is_dir())
    names = [one.name for one in folders]
    if not folders or sorted(names, key=lambda name: (len(name), name)) != [str(k) for k in range(len(names))]:
        raise DataError(
            f"{path}: found folders {', '.join(names) or 'none'}; expected one for each class, named 0, 1, 2 and so "
            "on: give Train or Test of N-MNIST"
        )
    recordings, labels = [], []
    for label in range(len(folders)):
        files = sorted((Path(path) / str(label)).glob("*.bin"))
        if not files:
            raise DataError(f"{path}/{label}: holds no file that ends in .bin; expected recordings of class {label}")
        recordings += [read(file, shape) for file in files]
        labels += [label] * len(files)
    return recordings, np.array(labels, np.uint8)
