"""Events of one recording, checked."""

from dataclasses import dataclass

import numpy as np

from stdpnet.base.errors import DataError


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """What a sensor sent while one thing was shown to it.

    Parameters
    ----------
    x, y : ndarray of int, shape (n_events,)
        Column and row of the pixel, from the upper left one.
    polarity : ndarray of int, shape (n_events,)
        1 where it became brighter (ON), 0 where darker (OFF).
    time : ndarray of int, shape (n_events,)
        In us since the beginning; never less than that of the event before.
    shape : tuple of int
        Height and width of the sensor, in pixels.
    where : str
        Where they come from, for errors.

    Raises
    ------
    DataError
        When an address lies outside the sensor, a time runs backwards, a polarity is neither 0 nor 1, or there are not
        as many of each.

    Examples
    --------
    >>> Recording(np.array([0, 3]), np.array([1, 1]), np.array([1, 0]), np.array([5, 1500]), (4, 4))
    Recording of 2 events in 1.5 ms, sensor of 4 x 4
    """

    x: np.ndarray
    y: np.ndarray
    polarity: np.ndarray
    time: np.ndarray
    shape: tuple[int, int]
    where: str = "recording"

    def __post_init__(self) -> None:
        sizes = {name: len(getattr(self, name)) for name in ("x", "y", "polarity", "time")}
        if len(set(sizes.values())) > 1:
            raise DataError(f"{self.where}: found {sizes} values, expected as many of each")
        height, width = self.shape
        outside = (self.x < 0) | (self.x >= width) | (self.y < 0) | (self.y >= height)
        if outside.any():
            first = int(np.flatnonzero(outside)[0])
            raise DataError(
                f"{self.where}: event {first} is at column {self.x[first]}, row {self.y[first]}; expected a sensor of "
                f"{height} rows and {width} columns: give its own shape, or restore the file from a copy"
            )
        backwards = np.diff(self.time) < 0
        if backwards.any() or (len(self.time) and self.time[0] < 0):
            first = int(np.flatnonzero(backwards)[0]) + 1 if backwards.any() else 0
            before = self.time[first - 1] if first else 0
            raise DataError(
                f"{self.where}: event {first} is at {self.time[first]} us after one at {before} us; expected times "
                "that do not run backwards: restore the file from a copy"
            )
        if not np.isin(self.polarity, (0, 1)).all():
            raise DataError(f"{self.where}: found polarities {np.unique(self.polarity).tolist()}, expected 0 and 1")

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        last = self.time[-1] / 1000 if len(self) else 0.0
        return f"Recording of {len(self):,} events in {last:.1f} ms, sensor of {self.shape[0]} x {self.shape[1]}"
