"""Responses to test images in two dimensions, coloured by class."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("embedding"))
