"""Input weights of every neuron as a grid of images, sorted by assigned digit, unassigned neurons in grey."""

import sys

from stdpnet.commands.figures import figure_script
from stdpnet.plots.receptive_fields import draw

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "receptive_fields.png", draw))
