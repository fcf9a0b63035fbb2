"""Running accuracy, spikes per image and thresholds during training."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("learning-curve"))
