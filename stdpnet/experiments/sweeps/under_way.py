"""The runs that are under way somewhere, each with a bar of its own, as far as their folders tell."""

import math
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tqdm import tqdm

from stdpnet.base.errors import RunFolderError
from stdpnet.base.progress import progress_bar
from stdpnet.experiments.stdp.metrics import summary
from stdpnet.experiments.stdp.run_folder import RunFolder

#: Seconds between two looks into the folders.
ON_A_TERMINAL, ELSEWHERE = 2.0, 30.0
#: In place of the time of the last change, of a run that is not to be looked at any more.
OVER = -1


class UnderWay:
    """Looks into run folders now and then, in a thread, and shows what is new there.

    Whoever does the work, on this machine or another one, writes a row of ``metrics.csv`` after each batch.

    Parameters
    ----------
    runs : iterable of (str, RunFolder, int)
        Name, folder and presentations of each that is to be done.
    total : tqdm.tqdm
        The bar over the presentations of all of them.
    show_progress : bool
        False shows nothing.

    Attributes
    ----------
    bars : dict of str to tqdm.tqdm
        Of the runs under way.
    """

    def __init__(self, runs: Iterable[tuple[str, RunFolder, int]], total: tqdm, show_progress: bool) -> None:
        self.total, self.show_progress = total, show_progress
        if not sys.stderr.isatty():
            self.total.mininterval = math.inf  # each look writes a line of it
        self.counted: dict[str, int] = {}
        self.lock = threading.Lock()
        self.runs = {name: (folder, presentations) for name, folder, presentations in runs}
        self.before = {name: _changed(folder.metrics_file) for name, (folder, _) in self.runs.items()}
        self.bars: dict[str, tqdm] = {}
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._go_on_looking, daemon=True)

    def __enter__(self) -> Self:
        if self.show_progress:
            self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        if self.show_progress:
            self.thread.join()
        for bar in self.bars.values():
            bar.close()

    def over(self, name: str) -> None:
        """Count a run as a whole, and take its bar away."""
        with self.lock:
            self.before[name] = OVER
            self._count(name, self.runs[name][1])
            self._close(name)

    def look(self) -> None:
        """Look into the folders once."""
        with self.lock:
            self._look()

    def _look(self) -> None:
        for name, (folder, presentations) in self.runs.items():
            with suppress(OSError, RunFolderError):  # it is moved, or damaged: whoever works there says so
                changed = _changed(folder.metrics_file)
                if 0 < changed <= _changed(folder.evaluation_file):
                    self._close(name)
                elif self.before[name] not in (OVER, changed):
                    row = folder.metrics()[-1]
                    self._show(name, int(row["presented"]), presentations, summary(row))

    def _show(self, name: str, presented: int, presentations: int, text: str) -> None:
        self._count(name, presented)
        text += "; evaluating" * (presented >= presentations)
        if name not in self.bars:
            self.bars[name] = progress_bar(presentations, presented, name, position=self._line(), text=text)
        bar = self.bars[name]
        bar.set_postfix_str(text, refresh=False)
        bar.update(presented - bar.n)

    def _close(self, name: str) -> None:
        if name in self.bars:
            self.bars.pop(name).close()

    def _count(self, name: str, presented: int) -> None:
        self.total.update(presented - self.counted.get(name, 0))
        self.counted[name] = presented

    def _line(self) -> int:
        """Return the line of the next bar; a log file has one only, which codes that move the cursor would spoil."""
        taken = {-bar.pos for bar in self.bars.values()}
        return next(k for k in range(1, len(taken) + 2) if k not in taken) if sys.stderr.isatty() else 0

    def _go_on_looking(self) -> None:
        while not self.ended.wait(ON_A_TERMINAL if sys.stderr.isatty() else ELSEWHERE):
            self.look()
            self.total.refresh()


def _changed(file: Path) -> int:
    """Return the time of a file's last change in ns, 0 where there is none."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
