"""The layers of a converted network: rates, saturation, correlation, and rate against activation."""

import sys

from stdpnet.plots.conversion_layers import draw, read_folder
from stdpnet.plots.figure import conversion_script

if __name__ == "__main__":
    sys.exit(conversion_script(__doc__, "conversion_layers.png", draw, read_folder, n=1))
