"""Running accuracy against training images, a line for each configuration, beside Diehl & Cook 2015, Fig. 2C."""

import sys

from stdpnet.plots.accuracy_vs_images import draw
from stdpnet.plots.figure import comparison_script

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "accuracy_vs_images.png", draw))
