"""Percentiles of a stream of positive numbers, in memory that does not grow with the stream."""

import numpy as np

#: Bins in a factor of two: a bin's middle is within 2 ** (1 / 128) - 1 = 0.54 % of every value in it.
BINS_PER_OCTAVE = 64
#: Bins of each channel: they span a factor of 2 ** 16 below its largest value.
BINS = 1024
ERROR_BOUND = 2 ** (0.5 / BINS_PER_OCTAVE) - 1


class Histogram:
    """Counts the positive values of each channel in logarithmic bins that follow its largest value.

    Values smaller than the largest of the channel divided by 2 ** 16 share the lowest bin. Numbers
    that are not positive are left out.

    Parameters
    ----------
    n_channels : int

    Attributes
    ----------
    maximum : ndarray, shape (n_channels,)
        The largest value, exactly; 0 where there was none.
    """

    def __init__(self, n_channels: int):
        self.maximum = np.zeros(n_channels)
        self._counts = np.zeros((n_channels, BINS), np.int64)
        self._seen = 0
        self._top = np.full(n_channels, np.iinfo(np.int32).min)

    def add(self, values: np.ndarray) -> None:
        """Count values.

        Parameters
        ----------
        values : ndarray, shape (n, n_channels)
        """
        values = np.asarray(values, float)
        self._seen += len(values)
        self.maximum = np.maximum(self.maximum, values.max(axis=0, initial=0))
        self._make_room(_bins(self.maximum))
        channels = np.broadcast_to(np.arange(values.shape[1]), values.shape)[values > 0]
        places = np.maximum(_bins(values[values > 0]) - self._top[channels] + BINS - 1, 0)
        self._counts += np.bincount(channels * BINS + places, minlength=self._counts.size).reshape(self._counts.shape)

    def percentile(self, percent: float) -> np.ndarray:
        """Return the least value of each channel that `percent` of its values do not exceed.

        Returns
        -------
        ndarray, shape (n_channels,)
            Within `ERROR_BOUND` of the value itself, relative to it; 0 for channels without values.
        """
        return self._read(self._counts, self._top, self.maximum, percent)

    def of_all(self) -> "Histogram":
        """Return the histogram of the values of all channels together, as one channel."""
        whole = Histogram(1)
        whole.maximum, whole._top = self.maximum.max(keepdims=True), self._top.max(keepdims=True)
        shift = whole._top - self._top
        whole._counts = sum(_shifted(counts, by) for counts, by in zip(self._counts, shift, strict=True))[None]
        return whole

    def bins(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the middle of each channel's bins, and how many values are in them.

        Returns
        -------
        ndarray of float, ndarray of int, shape (n_channels, BINS) each
        """
        places = self._top[:, None] + np.arange(1 - BINS, 1)
        return 2.0 ** ((places - 0.5) / BINS_PER_OCTAVE), self._counts

    def mean_rate(self, scale: np.ndarray) -> float:
        """Return the mean of all values, in units of a scale for each channel, and at most 1: the spikes of a step."""
        middles, counts = self.bins()
        return float((counts * np.minimum(middles / scale[:, None], 1)).sum() / (self._seen * len(counts)))

    def _make_room(self, top):
        for channel in np.flatnonzero((top > self._top) & (self.maximum > 0)):
            self._counts[channel] = _shifted(self._counts[channel], top[channel] - self._top[channel])
            self._top[channel] = top[channel]

    @staticmethod
    def _read(counts, top, maximum, percent):
        cumulative = counts.cumsum(axis=1)
        rank = np.maximum(np.ceil(cumulative[:, -1:] * (percent / 100)), 1)
        place = (cumulative >= rank).argmax(axis=1)
        return np.minimum(2.0 ** ((top + place - BINS + 0.5) / BINS_PER_OCTAVE), maximum)


def _bins(values):
    """Return the numbers of bins (b - 1, b], in units of octave / BINS_PER_OCTAVE."""
    with np.errstate(divide="ignore"):
        return np.ceil(np.maximum(np.log2(values), -1100) * BINS_PER_OCTAVE).astype(int)


def _shifted(counts, by):
    """Return counts moved towards the lower end, where what falls out is gathered in the lowest bin."""
    by = min(int(by), BINS - 1)
    moved = np.zeros_like(counts)
    moved[: BINS - by] = counts[by:]
    moved[0] += counts[:by].sum()
    return moved
