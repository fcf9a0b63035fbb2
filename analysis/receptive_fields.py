"""Input weights of every neuron as a grid of images, sorted by assigned digit, unassigned neurons in grey."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("receptive-fields"))
