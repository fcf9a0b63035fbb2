"""Confusion matrix of an evaluated run."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("confusion"))
