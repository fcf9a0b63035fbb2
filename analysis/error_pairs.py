"""Confusion matrix and the commonest error pairs, with test images that were taken for another digit."""

import sys

from stdpnet.commands.figures import figure_script
from stdpnet.plots.error_pairs import draw

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "error_pairs.png", draw))
