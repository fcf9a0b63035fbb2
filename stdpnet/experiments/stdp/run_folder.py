"""The folder of one run: configuration, environment, metrics, checkpoint, evaluation, log."""

from pathlib import Path

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.experiments.results_folder import ResultsFolder
from stdpnet.experiments.stdp import file_checks
from stdpnet.learning.config import Config, from_stored
from stdpnet.learning.state import State


class RunFolder(ResultsFolder):
    """Names and reads the files of a run.

    Parameters
    ----------
    path : path-like
    """

    reported = file_checks.REPORT

    def __init__(self, path: str | Path):
        super().__init__(path)
        self.checkpoint_file = self.path / "checkpoint.npz"
        self.predictions_file = self.path / "predictions.npz"

    def config(self) -> Config:
        """Return the run's `Config`.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or of another version of stdpnet.
        """
        try:
            return from_stored(self.plain_config())
        except ConfigError as error:
            raise RunFolderError(f"{self.config_file}: {error}") from None

    def data_fingerprint(self) -> str:
        """Return the fingerprint of the data set that the run was trained on, empty in a run of version 0.1.

        It stands in ``environment.json``, among what the run was made with: ``config.json`` holds what one can ask for.

        Raises
        ------
        RunFolderError
            When the file is damaged.
        """
        return file_checks.data_fingerprint(self.environment(), self.environment_file)

    def checkpoint(self) -> State:
        """Return the `State` of the last checkpoint."""
        return file_checks.state(files.read_arrays(self.checkpoint_file))

    def network(self) -> State:
        """Return the `State` of a trained network, to look at.

        Raises
        ------
        RunFolderError
            When weights, theta, image shape or number of presentations are not there or do not belong together.
        """
        return file_checks.network(self.checkpoint(), self.checkpoint_file)

    def predictions(self) -> dict[str, np.ndarray]:
        """Return the arrays in ``predictions.npz``; errors are those of `evaluation`."""
        self.check_evaluated(self.predictions_file)
        return file_checks.predictions(files.read_arrays(self.predictions_file), self.predictions_file)
