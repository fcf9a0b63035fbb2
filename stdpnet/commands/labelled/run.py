"""What every training with labels does once its command line is read: check, hold the folder, train, evaluate."""

from types import ModuleType
from typing import Any

from stdpnet.base.logs import log_to
from stdpnet.commands.process import called, interruption
from stdpnet.experiments.labelled_folder import LabelledFolder
from stdpnet.experiments.stdp.run import check_free


def train_and_evaluate(command: str, config: Any, folder: LabelledFolder, resume: bool, run: ModuleType) -> None:
    """Train into a folder, or go on there, and evaluate.

    Parameters
    ----------
    command : str
        Such as ``train-cnn``.
    config : TrainingConfig or SpikingConfig
    folder : LabelledFolder
    resume : bool
    run : module
        With ``check_run``, ``train_run`` and ``evaluate_run`` for such a configuration.
    """
    if not resume:
        check_free(folder)
    dataset = config.load()
    checkpoint = folder.checkpoint() if resume else None
    run.check_run(config, dataset, folder, checkpoint)
    folder.prepare()
    log_to(folder.log_file)
    with (
        folder.claim(),
        interruption(f"{called(command)} --resume --out {folder.path} continues from the last epoch"),
    ):
        # again: another process may have been here since
        if resume:
            checkpoint = folder.checkpoint()
            run.check_run(config, dataset, folder, checkpoint)
        else:
            check_free(folder)
        best = run.train_run(config, dataset, folder, checkpoint)
        run.evaluate_run(config, best, dataset, folder)
