"""Distributions of weights, thresholds, and spikes per image, of one run or of several."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("histograms"))
