"""Which runs a sweep is made of, and what can be refused before any work."""

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from stdpnet import datasets
from stdpnet.base.errors import ConfigError
from stdpnet.experiments.stdp.checkpoint import training_images
from stdpnet.experiments.stdp.request import Request
from stdpnet.experiments.stdp.run import check_run, n_inputs, presentations
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.sweeps import mechanisms
from stdpnet.experiments.sweeps.planned_run import PlannedRun, check_same
from stdpnet.learning.automatic import decided
from stdpnet.learning.config import Config
from stdpnet.simulation import resolve_backend


def plan(configs: Iterable[Config], folder: Path, request: Request, without: Sequence[str] = ()) -> list[PlannedRun]:
    """Return the runs of a sweep, after all checks that need no long work. For the errors see `sweep`.

    Parameters
    ----------
    configs : iterable of Config
    folder : Path
        Of the sweep.
    request : Request
        What each of them is to be evaluated on.
    without : sequence of str
        As in `sweep`.
    """
    load, planned = functools.cache(datasets.load_dataset), {}
    for whole in configs:
        resolve_backend(whole.backend)
        dataset = load(whole.dataset)
        asked, whole = request.of(dataset), decided(whole, *training_images(whole, dataset))
        for lacking, config in _variants(whole, without):
            name = f"{config.plasticity.name}_{config.neurons}_seed{config.seed}"
            place = RunFolder(folder / (f"{name}_without-{lacking}" if lacking else name))
            run = PlannedRun(
                *(config, place, n_inputs(config, dataset), presentations(config, dataset)),
                *(asked.label_images, asked.test_images),
                without=lacking,
            )
            if run.name in planned:
                raise ConfigError(f"two runs would be called {run.name}: give each rule, size and seed once")
            check_same(place, config, dataset)
            check_run(config, dataset, place, resume=run.started and not run.finished)
            planned[run.name] = run
    if absent := [name for name in without if all(run.without != name for run in planned.values())]:
        raise ConfigError(f"none of these networks has {' and '.join(absent)}, which they were to be without")
    return list(planned.values())


def _variants(whole: Config, without: Sequence[str]) -> list[tuple[str, Config]]:
    lacking = [(name, mechanisms.without(whole, name)) for name in dict.fromkeys(without)]
    return [("", whole), *((name, config) for name, config in lacking if config is not None)]
