"""Train a network without labels: python runs/train.py --help."""

import sys

from stdpnet.commands import train_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(train_command))
