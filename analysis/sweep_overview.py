"""A sweep on one page: accuracy, spikes, thresholds and silent neurons of each rule, and the runs that are missing."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("sweep-overview"))
