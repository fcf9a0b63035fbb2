"""Train a spiking network with labels: python runs/train_spiking.py --help."""

import sys

from stdpnet.commands.labelled.train_spiking import train_spiking_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(train_spiking_command))
