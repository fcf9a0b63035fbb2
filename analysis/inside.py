"""Inside some neurons during one presentation: potentials, thresholds, conductances, who won."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("inside"))
