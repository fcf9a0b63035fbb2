"""The folder of one run: configuration, environment, metrics, checkpoint, evaluation, log."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.experiments.results_folder import ResultsFolder
from stdpnet.experiments.stdp import file_checks, seal
from stdpnet.experiments.stdp.identity import evaluation_digest
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
        Every checkpoint has it too.

        Raises
        ------
        RunFolderError
            When the file is damaged.
        """
        found = file_checks.data_fingerprint(self.environment(), self.environment_file)
        if not found and self.checkpoint_file.exists():
            found = seal.unsealed(files.read_arrays(self.checkpoint_file), self.checkpoint_file)[1].get("data", "")
        return found

    def asked_images(self) -> dict[str, int]:
        """Return how many images the last start of the training asked its evaluation for; empty if it did not say.

        Raises
        ------
        RunFolderError
            When ``environment.json`` is damaged.
        """
        return file_checks.asked_images(self.environment(), self.environment_file)

    def stopped_early(self) -> str:
        """Return how far a training came that has not come to its end, as ``2,000 of 12,000 presentations``.

        Empty where it has, and where it does not say how far it was to go, as in version 0.1.

        Raises
        ------
        RunFolderError
            When ``environment.json`` or ``metrics.csv`` is damaged.
        """
        planned, rows = file_checks.planned(self.environment()), self.metrics()
        presented = int(rows[-1]["presented"]) if rows else 0
        return f"{presented:,} of {planned:,} presentations" if planned and presented < planned else ""

    def checkpoint(self) -> State:
        """Return the `State` of the last checkpoint.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or was made with another configuration or data set than stands beside it.
        """
        arrays, identity = seal.unsealed(files.read_arrays(self.checkpoint_file), self.checkpoint_file)
        config, state = self.config(), file_checks.state(arrays)
        seal.check_identity(identity, config, self.data_fingerprint(), self.checkpoint_file)
        seal.check_values(state, config, self.checkpoint_file)
        return state

    def write_checkpoint(self, state: State, config: Config, data: str) -> None:
        """Write ``checkpoint.npz``, with a checksum.

        Parameters
        ----------
        state : State
        config : Config
        data : str
            Fingerprint of the data set.
        """
        files.write_arrays(self.checkpoint_file, seal.sealed(state, config, data))

    def network(self) -> State:
        """Return the `State` of a trained network, to look at.

        Raises
        ------
        RunFolderError
            When weights, theta, image shape or number of presentations are not there or do not belong together.
        """
        return file_checks.network(self.checkpoint(), self.checkpoint_file)

    def digest(self) -> str:
        """Return the digest of checkpoint and configuration, which an evaluation of them carries."""
        return evaluation_digest(self.plain_config(), self.checkpoint())

    def evaluation(self) -> dict[str, Any]:
        """Return the report in ``evaluation.json``.

        Raises
        ------
        RunFolderError
            When the run has not been evaluated, or in another state than it is in now, or the file is damaged.
        """
        report = super().evaluation()
        self._check_state(report)
        return report

    def predictions(self) -> dict[str, np.ndarray]:
        """Return the arrays in ``predictions.npz``; errors are those of `evaluation`."""
        self.check_evaluated(self.predictions_file)
        arrays = file_checks.predictions(files.read_arrays(self.predictions_file), self.predictions_file)
        self._check_state(arrays)
        return arrays

    def last_evaluation(self) -> dict[str, Any] | None:
        """Return the report, or None where the run has not been evaluated since its last batch."""
        if not self.evaluation_file.exists():
            return None
        report = super().evaluation()
        return report if self._is_of_this_state(report) else None

    def last_predictions(self) -> dict[str, np.ndarray] | None:
        """Return what `predictions` does, or None where the run has not been evaluated since its last batch."""
        if not self.predictions_file.exists():
            return None
        arrays = file_checks.predictions(files.read_arrays(self.predictions_file), self.predictions_file)
        return arrays if self._is_of_this_state(arrays) else None

    def _is_of_this_state(self, evaluated: Mapping[str, Any]) -> bool:
        if not self.checkpoint_file.exists():  # results that were kept without it
            return True
        if "digest" not in evaluated:  # of version 0.1
            return int(evaluated["presented"]) == self.checkpoint().presented
        return str(evaluated["digest"]) == self.digest()

    def _check_state(self, evaluated: Mapping[str, Any]) -> None:
        if "digest" in evaluated and not self._is_of_this_state(evaluated):
            raise RunFolderError(
                f"{self.path}: its evaluation is of another state or configuration than it has now; run "
                f"{self.evaluated_by} {self.path}"
            )
