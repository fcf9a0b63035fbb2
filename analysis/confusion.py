"""Confusion matrix of an evaluated run."""

import sys

from stdpnet.plots.confusion import draw
from stdpnet.plots.figure import figure_script

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "confusion.png", draw))
