"""Confusion matrix and the commonest error pairs, with test images that were taken for another digit."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("error-pairs"))
