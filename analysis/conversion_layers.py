"""The layers of a converted network: rates, saturation, correlation, and rate against activation."""

import sys

from stdpnet.commands.figures import conversion_script
from stdpnet.plots.conversion.layers import draw, read_folder

if __name__ == "__main__":
    sys.exit(conversion_script(__doc__, "conversion_layers.png", draw, read_folder, n=1))
