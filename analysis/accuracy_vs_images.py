"""Running accuracy against training images, a line for each configuration, beside Diehl & Cook 2015, Fig. 2C."""

import sys

from stdpnet.commands.figures import comparison_script
from stdpnet.plots.accuracy_vs_images import draw

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "accuracy_vs_images.png", draw))
