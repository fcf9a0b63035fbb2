"""Spiking networks trained with labels, and converted ones beside them: error over time and against operations."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("spiking"))
