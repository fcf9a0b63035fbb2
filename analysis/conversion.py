"""Converted networks: accuracy after every time step, and error against operations."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("conversion"))
