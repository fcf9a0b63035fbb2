"""Receptive fields emerging in the course of a training with --snapshots, as an animation."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("emergence"))
