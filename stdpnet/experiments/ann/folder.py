"""The folder of a supervised training."""

from stdpnet.base import files
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.conversion.ann.model_file import read_tensors
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.results_folder import ResultsFolder

#: Types of what is read in ``evaluation.json``.
REPORT = {"accuracy": float, "confidence_interval_95": list, "n_test_images": int}


class TrainingFolder(ResultsFolder):
    """Names and reads the files of a supervised training.

    Parameters
    ----------
    path : path-like
    """

    reported = REPORT

    def __init__(self, path):
        super().__init__(path)
        self.checkpoint_file = self.path / "checkpoint.pt"
        self.model_file = self.path / "model.pt"

    def config(self):
        """Return the training's `TrainingConfig`.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or that of another kind of run.
        """
        if not self.config_file.exists():
            raise RunFolderError(f"{self.config_file}: no such file; expected a run folder made by runs/train_cnn.py")
        try:
            return TrainingConfig(**files.read_json(self.config_file))
        except (TypeError, ConfigError) as error:
            raise RunFolderError(f"{self.config_file}: not made by runs/train_cnn.py ({error})") from None

    def checkpoint(self):
        """Return the last checkpoint, or None if no epoch has finished.

        Raises
        ------
        RunFolderError
            When it is damaged.
        """
        return read_tensors(self.checkpoint_file, RunFolderError) if self.checkpoint_file.exists() else None
