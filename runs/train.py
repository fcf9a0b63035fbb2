"""Train a network without labels: python runs/train.py --help."""

import sys

from stdpnet.commandline import run_main
from stdpnet.commands import train_command

if __name__ == "__main__":
    sys.exit(run_main(train_command))
