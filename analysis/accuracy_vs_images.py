"""Running accuracy against training images, a line for each configuration, beside Diehl & Cook 2015, Fig. 2C."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("accuracy-vs-images"))
