"""The folder of the training of an analogue network."""

from typing import ClassVar

from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import construct
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.results_folder import ResultsFolder

#: Types of what is read in ``evaluation.json``.
REPORT = {"accuracy": float, "confidence_interval_95": list, "n_test_images": int}


class TrainingFolder(ResultsFolder):
    """Names and reads the files of the training of an analogue network.

    Parameters
    ----------
    path : path-like
    """

    made_by: ClassVar[str] = "stdpnet train-cnn"
    evaluated_by: ClassVar[str] = "stdpnet train-cnn --resume --out"
    reported: ClassVar[dict] = REPORT

    def __init__(self, path):
        super().__init__(path)
        self.checkpoint_file = self.path / "checkpoint.pt"
        self.model_file = self.path / "model.pt"

    def config(self) -> TrainingConfig:
        """Return the training's `TrainingConfig`.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or that of another kind of run.
        """
        try:
            return construct(TrainingConfig, self.plain_config())
        except ConfigError as error:
            raise RunFolderError(f"{self.config_file}: not made by stdpnet train-cnn ({error})") from None

    def checkpoint(self) -> dict | None:
        """Return the last checkpoint, or None if no epoch has finished.

        Raises
        ------
        RunFolderError
            When it is damaged.
        """
        if not self.checkpoint_file.exists():
            return None
        from stdpnet.base.labelled.tensors import read_tensors  # needs PyTorch

        return read_tensors(self.checkpoint_file, self.made_by, RunFolderError)
