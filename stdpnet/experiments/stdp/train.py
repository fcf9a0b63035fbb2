"""Train a network: in memory, or into a run folder that can be resumed."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import logging_into
from stdpnet.base.progress import progress_bar
from stdpnet.datasets import Dataset
from stdpnet.datasets.notices import said_of
from stdpnet.experiments.stdp.checkpoint import before_training, training_images
from stdpnet.experiments.stdp.data_of_run import choose_dataset, keep_dataset
from stdpnet.experiments.stdp.file_checks import ASKED, FINGERPRINT, PLANNED
from stdpnet.experiments.stdp.inside.snapshots import write_snapshot
from stdpnet.experiments.stdp.metrics import RunningAccuracy, measure, summary
from stdpnet.experiments.stdp.notices import SHORT_BATCH, notices, without_compiler
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run import (
    as_folder,
    check_enough_images,
    check_free,
    check_start,
    compile_training,
    presentations,
)
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.trained import TrainedNetwork
from stdpnet.learning import training
from stdpnet.learning.automatic import decided
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.watch import Watch
from stdpnet.learning.state import State
from stdpnet.simulation import choose_threads, resolve_backend

log = logging.getLogger(__name__)


def train(
    config: Config | None = None,
    dataset: Dataset | None = None,
    *,
    folder: str | Path | RunFolder | None = None,
    resume: bool = False,
    go_on: bool = False,
    request: Request | None = None,
    between: training.Between | None = None,
    show_progress: bool = True,
) -> TrainedNetwork:
    """Train a network without labels. Those of the training images serve only the accuracy that is shown meanwhile.

    Parameters
    ----------
    config : Config, optional
        Default: ``Config()``, or that of the run to be resumed.
    dataset : Dataset, optional
        Default: the one that `config` names.
    folder : path-like, optional
        Leave a run folder there, with a checkpoint after each batch, as ``stdpnet train --out`` does.
    resume : bool
        Go on from the checkpoint in `folder`; only ``epochs``, ``batch``, ``snapshots`` and ``threads`` may differ,
        and where the same images are.
    go_on : bool
        Train to the end, even where nothing can come of it.
    request : Request, optional
        What the run is to be evaluated on; kept in the folder, for a resumption.
    between : callable, optional
        Called between two batches with the `stdpnet.learning.training.TrainingBatch` before; returns constants of the
        rule or of the equations for the one after, by name. Not with a `folder`, which could not tell of it.
    show_progress : bool

    Returns
    -------
    TrainedNetwork

    Raises
    ------
    ConfigError
        When more images are asked for than there are, or a parameter is not usable.
    RunFolderError
        When the folder holds a run already, another one than is to be resumed, or cannot be written.
    SimulationError
        When the network does not compile, or its state is no longer finite.
    SilentNetworkError
        When most images bring too few spikes even at the greatest intensity.
    CollapsedNetworkError
        When nothing can come of it, since the thresholds are where no image can drive the neurons.

    Examples
    --------
    >>> import stdpnet
    >>> trained = stdpnet.train(stdpnet.Config(neurons=20, images=30, epochs=1), show_progress=False)
    >>> trained.weights.shape, trained.presented
    ((784, 20), 30)
    """
    run = as_folder(folder)
    if resume and run is None:
        raise ConfigError("resume is True without a folder; expected the folder of the run to go on with")
    if run and between:
        raise ConfigError("between is given with a folder; expected none: a run folder could not tell what it did")
    if config and config.snapshots and run is None:
        raise ConfigError(f"snapshots is {config.snapshots} without a folder; expected the run folder that keeps them")
    if run and not resume:
        check_free(run)
    config, dataset = choose_dataset(config or (run.config() if run and resume else Config()), dataset, run)
    backend = resolve_backend(config.backend)
    check_enough_images(config, dataset)
    config = decided(config, *training_images(config, dataset))
    begun = check_start(config, dataset, run, resume)
    compile_training(config, dataset, backend)
    with ExitStack() as held:
        if run:
            run.prepare()
            held.enter_context(run.claim())
            begun = check_start(config, dataset, run, resume)  # again: others may have been here while it compiled
            held.enter_context(logging_into(run.log_file))
            keep_dataset(dataset, run)
            files.write_text(run.config_file, config.to_json())
            asked = {PLANNED: presentations(config, dataset)} | ({ASKED: request.to_dict()} if request else {})
            run.write_environment(describe(config.seed, backend) | {FINGERPRINT: dataset.fingerprint} | asked)
        state = before_training(config, dataset) if begun is None else begun
        rows = [row for row in run.metrics() if row["presented"] <= state.presented] if run and begun else []
        _announce(config, dataset, backend, run)
        if run and config.snapshots and not state.presented:
            write_snapshot(run, state, config, dataset.fingerprint)
        for after, row in _batches(config, dataset, backend, state, Watch(config, go_on), between, show_progress):
            state = after
            rows.append(row)
            if run:
                if config.snapshots and state.presented % config.snapshots == 0:  # first: a checkpoint goes on after it
                    write_snapshot(run, state, config, dataset.fingerprint)
                run.write_metrics(rows)
                run.write_checkpoint(state, config, dataset.fingerprint)
    return TrainedNetwork(config, dataset, state, tuple(rows), run)


def _announce(config: Config, dataset: Dataset, backend: str, run: RunFolder | None) -> None:
    for line in said_of(dataset.name):  # before there was a log file
        log.debug("%s", line)
    log.debug("drive %s, shuffle %s", config.drive, config.shuffle)
    log.info(
        "%s%d neurons, rule %s, %d presentations of %s, backend %s, threads %d",
        *(f"{run.path}: " if run else "", config.neurons, config.plasticity.name),
        *(presentations(config, dataset), dataset.name, backend),
        choose_threads(config.threads, config.neurons, backend),
    )
    for sentence in notices(config, dataset):
        log.warning("%s", sentence)


def _batches(
    config: Config,
    dataset: Dataset,
    backend: str,
    state: State,
    watch: Watch,
    between: training.Between | None,
    show_progress: bool,
) -> Iterator[tuple[State, dict[str, float]]]:
    """Train, show how far it is and what goes wrong, and yield checkpoint and row of ``metrics.csv`` of each batch."""
    images, labels = training_images(config, dataset)
    total = config.epochs * len(images)
    if state.presented >= total:
        log.info("already trained on %d presentations", state.presented)
        return
    running, slow, begun = RunningAccuracy.from_arrays(state), config.backend == "auto" and backend == "numpy", 0.0
    if slow:
        config = replace(config, batch=min(config.batch, SHORT_BATCH))
    with progress_bar(total, state.presented, "training", show_progress) as bar:
        for done in training.train(config, images, backend, state, log.info, between):
            accuracy = running.add(done.batch.counts, labels[done.which]) if len(labels) else np.nan
            row = measure(done.batch, done.state, accuracy)
            yield State(done.state | running.arrays()), row
            log.debug("%d presentations: %s", done.state.presented, summary(row))
            bar.set_postfix_str(summary(row))
            bar.update(len(done.which))
            if slow and begun:  # of the second batch: the first one has made the network as well
                sentence = without_compiler(monotonic() - begun, len(done.which), total - done.state.presented)
                log.warning("%s", sentence)
                slow = False
            begun = monotonic()
            for sentence in watch.add(done.batch, done.state):  # the checkpoint has been written
                log.warning("after %s presentations: %s", f"{done.state.presented:,}", sentence)
