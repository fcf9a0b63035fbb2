"""Train a network without labels: python runs/train.py --help."""

import sys

from stdpnet.commands.process import run_main
from stdpnet.commands.train import train_command

if __name__ == "__main__":
    sys.exit(run_main(train_command))
