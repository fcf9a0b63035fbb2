"""Inside some neurons during one presentation: input, potential and threshold, conductances, who won."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("inside"))
