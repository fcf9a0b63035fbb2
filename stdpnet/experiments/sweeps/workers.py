"""Who carries out runs: processes of this machine, or a cluster, as the caller has told joblib."""

from typing import Any

from joblib import Parallel, cpu_count, effective_n_jobs
from joblib.parallel import LokyBackend, MultiprocessingBackend, SequentialBackend, ThreadingBackend, get_active_backend

#: joblib's backends whose workers are on this machine.
LOCAL = (LokyBackend, MultiprocessingBackend, SequentialBackend, ThreadingBackend)


def on_this_machine() -> bool:
    """Tell whether joblib's workers see the compiled networks and the cores of this machine."""
    return type(get_active_backend()[0]) in LOCAL


def cores_each(jobs: int, runs: int) -> int:
    """Return how many cores each of some runs side by side may take: one on a cluster.

    Parameters
    ----------
    jobs : int
        Runs at a time, as in `stdpnet.sweep`.
    runs : int
    """
    if not on_this_machine():
        return 1
    return max(1, cpu_count() // max(1, min(effective_n_jobs(jobs), runs)))


def workers(jobs: int) -> Parallel:
    """Return what runs are handed to, and gives what came of each as it ends.

    Parameters
    ----------
    jobs : int
        Runs at a time on this machine, as in `stdpnet.sweep`; a cluster decides itself.
    """
    common: dict[str, Any] = {"n_jobs": jobs, "return_as": "generator_unordered"}
    if on_this_machine():
        return Parallel(**common)
    # Workers come and go: a cluster of one may have twenty in an hour. joblib would do the work of a cluster of one in
    # this process, and hand out no more at a time than twice the workers there are now.
    backend, _ = get_active_backend()
    counted = backend.effective_n_jobs
    backend.effective_n_jobs = lambda n_jobs: max(2, counted(n_jobs))
    return Parallel(**common, pre_dispatch="all")
