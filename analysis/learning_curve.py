"""Running accuracy, spikes per image and thresholds during training."""

import sys

from stdpnet.commands.figures import figure_script
from stdpnet.plots.learning_curve import draw

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "learning_curve.png", draw))
