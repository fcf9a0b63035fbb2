"""Spikes of all populations during one presentation of a test image."""

import sys

from stdpnet.commands.figures import figure_script
from stdpnet.plots.raster import add_arguments, draw

if __name__ == "__main__":
    sys.exit(figure_script(__doc__, "raster.png", draw, add_arguments))
