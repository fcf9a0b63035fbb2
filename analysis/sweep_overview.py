"""A sweep on one page: accuracy, spikes, thresholds and silent neurons of each rule, and the cells that are missing."""

import sys

from stdpnet.commands.figures import comparison_script
from stdpnet.plots.sweep_overview import draw

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "sweep_overview.png", draw))
