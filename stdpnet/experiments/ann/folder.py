"""The folder of the training of an analogue network."""

from typing import ClassVar

from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.labelled_folder import LabelledFolder


class TrainingFolder(LabelledFolder):
    """Names and reads the files of the training of an analogue network."""

    made_by: ClassVar[str] = "stdpnet train-cnn"
    evaluated_by: ClassVar[str] = "stdpnet train-cnn --resume --out"
    configured: ClassVar[type] = TrainingConfig
