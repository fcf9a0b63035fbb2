"""Distributions of weights, thresholds, and spikes per image, of one run or of several."""

import sys

from stdpnet.commands.figures import comparison_script
from stdpnet.plots.histograms import draw

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "histograms.png", draw))
