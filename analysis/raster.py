"""Spikes of all populations during one presentation of a test image."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("raster"))
