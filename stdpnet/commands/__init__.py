"""What the scripts in ``runs/`` do, one file each."""

from stdpnet.commands.calibrate import calibrate_command
from stdpnet.commands.convert import convert_command
from stdpnet.commands.evaluate import evaluate_command
from stdpnet.commands.sweep import sweep_command
from stdpnet.commands.train import train_command
from stdpnet.commands.train_cnn import train_cnn_command

__all__ = [
    "calibrate_command",
    "convert_command",
    "evaluate_command",
    "sweep_command",
    "train_cnn_command",
    "train_command",
]
