"""Train a network that is to be converted: python runs/train_cnn.py --help."""

import sys

from stdpnet.commands.labelled.train_cnn import train_cnn_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(train_cnn_command))
