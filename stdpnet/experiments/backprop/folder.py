"""The folder of a training by backpropagation through spikes."""

from typing import Any, ClassVar

from stdpnet.experiments.backprop.config import SpikingConfig
from stdpnet.experiments.labelled_folder import REPORT, LabelledFolder


class SpikingFolder(LabelledFolder):
    """Names and reads the files of a training by backpropagation through spikes."""

    made_by: ClassVar[str] = "stdpnet train-spiking"
    evaluated_by: ClassVar[str] = "stdpnet train-spiking --resume --out"
    reported: ClassVar[dict[str, Any]] = REPORT | {"curve": list}
    configured: ClassVar[type] = SpikingConfig
