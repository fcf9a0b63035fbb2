"""The folder of a training with labels in PyTorch: of an analogue network, or of a spiking one."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError, RunFolderError
from stdpnet.base.parameters import construct, merged
from stdpnet.experiments.results_folder import ResultsFolder, difference

#: Types of what is read in ``evaluation.json``.
REPORT = {"accuracy": float, "confidence_interval_95": list, "n_test_images": int}


class LabelledFolder(ResultsFolder):
    """Names and reads the files of a training with labels.

    Parameters
    ----------
    path : path-like
    """

    reported: ClassVar[dict[str, Any]] = REPORT
    #: Of the training's configuration.
    configured: ClassVar[type]

    def __init__(self, path: str | Path):
        super().__init__(path)
        self.checkpoint_file = self.path / "checkpoint.pt"
        self.model_file = self.path / "model.pt"

    def config(self) -> Any:
        """Return the training's configuration.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or that of another kind of run.
        """
        try:
            return construct(self.configured, self.plain_config())
        except ConfigError as error:
            raise RunFolderError(f"{self.config_file}: not made by {self.made_by} ({error})") from None

    def resumed_config(self, asked: dict[str, Any]) -> Any:
        """Return the training's configuration with what is asked for now, where that may change.

        Raises
        ------
        ConfigError
            When something is not usable.
        RunFolderError
            When it may not change.
        """
        config = self.configured(**merged(asdict(self.config()), asked))
        if differs := difference(self, config):
            raise RunFolderError(
                f"{self.path} was trained with {differs}: leave the flag out to resume it, or choose another --out"
            )
        return config

    def begin(self, config: Any) -> None:
        """Write down what is run, and where."""
        import torch

        environment = describe(config.seed, "torch") | {"threads": torch.get_num_threads()}
        environment["versions"]["torch"] = torch.__version__
        files.write_text(self.config_file, config.to_json())
        self.write_environment(environment)

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
