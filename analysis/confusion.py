"""Confusion matrix of an evaluated run."""

import sys

from stdpnet.commands.figures import figure_script
from stdpnet.plots.confusion import draw

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "confusion.png", draw))
