"""Convert a trained network into a spiking one and report on it: python runs/convert.py --help."""

import sys

from stdpnet.commandline import run_main
from stdpnet.commands import convert_command

if __name__ == "__main__":
    sys.exit(run_main(convert_command))
