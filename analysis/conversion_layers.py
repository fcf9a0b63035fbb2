"""The layers of a converted network: rates, saturation, correlation, and rate against activation."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("conversion-layers"))
