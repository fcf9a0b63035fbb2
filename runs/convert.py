"""Convert a trained network into a spiking one and report on it: python runs/convert.py --help."""

import sys

from stdpnet.commands.convert import convert_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(convert_command))
