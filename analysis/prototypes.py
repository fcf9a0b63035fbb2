"""The neurons that vote for a class, each with test images that it wins."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("prototypes"))
